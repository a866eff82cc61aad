using System.Text.Json;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Media.Resampling;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Evaluation.Reading;

/// <summary>Reads pose and expression from pictures of drawn portraits. Not safe for concurrent use.</summary>
public sealed class FactorReader : IDisposable
{
    private const int Batch = 40;
    private readonly INetwork network;
    private readonly PillowResizer reducer = new();
    private readonly PillowResizer enlarger = new();
    private readonly PillowResizer cutter = new();
    private readonly RgbImage small;
    private readonly RgbImage large;
    private readonly RgbImage crop;

    private FactorReader(FactorReaderManifest manifest, INetwork network)
    {
        (Manifest, this.network) = (manifest, network);
        Factors = [.. manifest.Factors.Select(name => MotionFactors.All.ToList().FindIndex(factor => factor.Name == name))];
        small = RgbImage.Black(manifest.PictureSize, manifest.PictureSize);
        large = RgbImage.Black(manifest.WorkSize, manifest.WorkSize);
        crop = RgbImage.Black(manifest.CropSize, manifest.CropSize);
    }

    /// <summary>The reader that ships with the product: beside the program, where the project file puts it.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "models", "factor-reader");

    /// <summary>What it is.</summary>
    public FactorReaderManifest Manifest { get; }

    /// <summary>Which factors it reads, in the order of its answers: positions in <see cref="MotionFactors.All"/>.</summary>
    public IReadOnlyList<int> Factors { get; }

    /// <summary>Loads a reader after checking its files.</summary>
    /// <exception cref="Core.Errors.RenderException">HP4611: there is none; HP4612: it is damaged.</exception>
    public static FactorReader Load(string folder, INetworkLoader loader)
    {
        var manifestPath = Path.Combine(folder, FactorReaderManifest.FileName);
        if (!File.Exists(manifestPath))
            throw EvaluationErrors.ReaderMissing(folder);
        var manifest = Parse(manifestPath);
        var graph = Path.Combine(folder, FactorReaderManifest.GraphName);
        if (!File.Exists(graph))
            throw EvaluationErrors.ReaderDamaged(graph, "there is no such file");
        if (ContentHash.OfFile(graph) is var hash && hash != manifest.Sha256)
            throw EvaluationErrors.ReaderDamaged(graph, $"its hash is {hash}, the manifest says {manifest.Sha256}");
        return new FactorReader(manifest, loader.Load(NetworkSource.FromFile("factor-reader", graph)));
    }

    /// <summary>Reads every picture.</summary>
    /// <param name="pictures">Square, of any size.</param>
    /// <param name="faces">Where the face should be in each, pixels: the crop follows the truth, not the picture.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>For every picture one value for each of <see cref="Factors"/>.</returns>
    public float[][] Read(IReadOnlyList<RgbImage> pictures, IReadOnlyList<FaceDetection> faces, CancellationToken cancellationToken = default)
    {
        var read = new float[pictures.Count][];
        for (var start = 0; start < pictures.Count; start += Batch)
        {
            var count = Math.Min(Batch, pictures.Count - start);
            var input = FloatTensor.Zeros(count, RgbImage.Channels, crop.Height, crop.Width);
            for (var i = 0; i < count; i++)
                Cut(pictures[start + i], faces[start + i], input.Values.Slice(i * crop.Pixels.Length, crop.Pixels.Length));
            var output = FloatTensor.Zeros(count, Factors.Count);
            network.Run(new Dictionary<string, FloatTensor> { ["image"] = input }, new Dictionary<string, FloatTensor> { ["output"] = output }, cancellationToken);
            for (var i = 0; i < count; i++)
                read[start + i] = output.Values.Slice(i * Factors.Count, Factors.Count).ToArray();
        }

        return read;
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    private void Cut(RgbImage picture, FaceDetection face, Span<float> planes)
    {
        var scale = (double)large.Width / picture.Width;
        reducer.Resize(picture, Whole(picture), small, ResampleFilter.Bicubic);
        enlarger.Resize(small, Whole(small), large, ResampleFilter.Bicubic);
        var landmarks = FaceLandmarks.FromPoints([.. face.Landmarks.Points.Select(point => new PicturePoint(point.X * scale, point.Y * scale))]);
        var box = new Box(face.Box.Left * scale, face.Box.Top * scale, face.Box.Right * scale, face.Box.Bottom * scale);
        var cut = PictureRegions.Cut(large, ExpressionCrop.RegionOf(landmarks, box));
        cutter.Resize(cut, Whole(cut), crop, ResampleFilter.Bilinear);
        PicturePlanes.ToUnit(crop, planes);
    }

    private static FactorReaderManifest Parse(string path)
    {
        try
        {
            var manifest = FactorReaderManifest.Parse(File.ReadAllBytes(path));
            var unknown = manifest.Factors.Except(MotionFactors.All.Select(factor => factor.Name)).ToArray();
            return unknown.Length == 0 ? manifest : throw EvaluationErrors.ReaderDamaged(path, $"unknown factors {string.Join(", ", unknown)}");
        }
        catch (JsonException exception)
        {
            throw EvaluationErrors.ReaderDamaged(path, exception.Message, exception);
        }
    }

    private static PixelRegion Whole(RgbImage picture) => new(0, 0, picture.Width, picture.Height);
}
