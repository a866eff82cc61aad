using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>The recorded resizes, masks, square boxes and intensity ids, each by itself.</summary>
internal static partial class PreprocessSamples
{
    /// <summary>Compares every sample that is there.</summary>
    public static IEnumerable<Comparison> Run(CaseDirectory directory) =>
        Resizes(directory).Concat(SquareBoxes(directory)).Concat(IntensityIds(directory));

    private static IEnumerable<Comparison> Resizes(CaseDirectory directory)
    {
        if (!File.Exists(directory.File("io_resize_and_masks.safetensors")))
            yield break;
        using var recorded = SafetensorsCheckpoint.Open(directory.File("io_resize_and_masks.safetensors"));
        var source = Picture(CaseDirectory.ReadFrom(recorded, "resize_source_uint8_hwc"));
        foreach (var (name, entry) in recorded.Tensors)
        {
            if (SizedName().Match(name) is not { Success: true } match)
                continue;
            var (width, height) = (Number(match, "w"), Number(match, "h"));
            var (actual, tolerance) = match.Groups["operation"].Value switch
            {
                "soft_mask" => (SoftMask.Create(width, height), Tolerance.Absolute(1e-6)),
                "pil_default_bicubic" => (Interleaved(new PillowResizer().Resize(source, width, height, ResampleFilter.Bicubic)), Tolerance.Exact),
                "pil_bilinear" => (Interleaved(new PillowResizer().Resize(source, width, height, ResampleFilter.Bilinear)), Tolerance.Exact),
                "cv2_linear" => (Interleaved(new OpenCvResizer().Resize(source, width, height)), Tolerance.Absolute(1)),
                "torch_bilinear_antialias" => (PlanarResizer.Resize(PicturePlanes.ToUnit(source), width, height).Values.ToArray(), Tolerance.Absolute(5e-5)),
                _ => ([], Tolerance.Exact),
            };
            var expected = CaseDirectory.ReadFrom(recorded, name);
            yield return Comparison.Of(name, entry.Shape.ToString(), actual, expected.Values, tolerance);
        }

        foreach (var name in recorded.Tensors.Keys.Where(name => name.EndsWith("_source_box", StringComparison.Ordinal)))
            yield return CentreCrop(recorded, source, name);
    }

    private static Comparison CentreCrop(SafetensorsCheckpoint recorded, RgbImage source, string name)
    {
        var box = new double[4];
        recorded.ReadDoubles(name, box);
        var output = name.Replace("_source_box", "_output_uint8_hwc", StringComparison.Ordinal);
        var region = ExpressionCrop.CentreSquare(new Box(box[0], box[1], box[2], box[3]));
        var crop = RgbImage.Black(region.Width, region.Height);
        PictureRegions.CopyOverBlack(source, region, crop);
        var expected = CaseDirectory.ReadFrom(recorded, output);
        return Comparison.Of(output, expected.Shape.ToString(), Interleaved(crop), expected.Values, Tolerance.Exact);
    }

    private static IEnumerable<Comparison> SquareBoxes(CaseDirectory directory)
    {
        var index = 0;
        foreach (var example in Examples(directory, "process_bbox_examples.json"))
        {
            var box = Doubles(example["box_xyxy"]!);
            var region = SquareBox.Around(new Box(box[0], box[1], box[2], box[3]), example["width"]!.GetValue<int>(), example["height"]!.GetValue<int>());
            yield return Comparison.Of($"process_bbox/{index++}", [region.Left, region.Top, region.Right, region.Bottom], Doubles(example["result"]!), 0);
        }
    }

    private static IEnumerable<Comparison> IntensityIds(CaseDirectory directory)
    {
        var index = 0;
        foreach (var example in Examples(directory, "motion_bucket_examples.json"))
        {
            var group = example["landmarks"]!.AsArray().Select(frame =>
                FaceLandmarks.FromPoints([.. frame!.AsArray().Select(point => Doubles(point!)).Select(point => new PicturePoint(point[0], point[1]))]));
            var intensity = MotionIntensityMeter.Measure([.. group]);
            yield return Comparison.Of($"motion_bucket/{index++}", [intensity.Head, intensity.Expression],
                [example["head"]!.GetValue<int>(), example["exp"]!.GetValue<int>()], 0);
        }
    }

    private static IEnumerable<JsonNode> Examples(CaseDirectory directory, string file) =>
        File.Exists(directory.File(file)) ? JsonNode.Parse(File.ReadAllText(directory.File(file)))!.AsArray().Select(item => item!) : [];

    private static RgbImage Picture(FloatTensor interleaved)
    {
        var picture = RgbImage.Black(interleaved.Shape[1], interleaved.Shape[0]);
        for (var i = 0; i < interleaved.Values.Length; i++)
            picture.Pixels.Span[i] = (byte)interleaved.Values[i];
        return picture;
    }

    private static float[] Interleaved(RgbImage picture) => [.. picture.Pixels.ToArray().Select(value => (float)value)];

    private static double[] Doubles(JsonNode array) => [.. array.AsArray().Select(item => item!.GetValue<double>())];

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^(?<operation>.+)_w(?<w>[0-9]+)_h(?<h>[0-9]+)$")]
    private static partial Regex SizedName();
}
