using System.Text.Json;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Media.Tests.Faces.Detection;

/// <summary>The committed graphs against the outputs that the original implementation gave for the same pixels.</summary>
public sealed class FaceNetworksTests
{
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllBytes(FaceFixtures.PathOf("face-api-reference.json"))).RootElement;

    // Measured 7e-5 of 52 (detector), 2e-7 of 1 (landmarks); other math libraries may round differently.
    [Theory]
    [InlineData("face-detector-320.onnx", "image", "cells", "detectorRegion", 5e-4)]
    [InlineData(FaceNetworkFiles.Landmarks, "faces", "landmarks", "landmarksRegion", 5e-6)]
    public void Run_SamePixels_GivesTheOriginalsNumbers(string file, string input, string output, string region, double tolerance)
    {
        using var network = FaceFixtures.Loader.Load(NetworkSource.FromFile(file, Path.Combine(FaceFixtures.Models, file)));
        var expected = Reference.GetProperty(output).EnumerateArray().Select(value => value.GetSingle()).ToArray();
        var shape = network.Outputs[output].Select(length => Math.Max(length, 1)).ToArray();
        var actual = new FloatTensor(new TensorShape(shape), new float[expected.Length]);
        network.Run(
            new Dictionary<string, FloatTensor> { [input] = Cut(Reference.GetProperty(region).GetString()!) },
            new Dictionary<string, FloatTensor> { [output] = actual },
            TestContext.Current.CancellationToken);
        Assert.InRange(Differences.Largest(expected, actual.Values), 0, tolerance);
    }

    [Fact]
    public void Files_OfTheRepository_AreTheOnesNamedInTheNotice()
    {
        var notice = File.ReadAllText(Path.Combine(FaceFixtures.Models, "NOTICE.md"));
        foreach (var path in Directory.EnumerateFiles(FaceFixtures.Models, "*.onnx"))
        {
            var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
            Assert.Contains($"{hash}  {Path.GetFileName(path)}", notice, StringComparison.Ordinal);
        }
    }

    private static FloatTensor Cut(string region)
    {
        var numbers = region.Split(',').Select(int.Parse).ToArray();
        var (left, top, size) = (numbers[0], numbers[1], numbers[2]);
        var picture = FaceFixtures.Astronaut();
        var planes = FloatTensor.Zeros(1, RgbImage.Channels, size, size);
        for (var channel = 0; channel < RgbImage.Channels; channel++)
        {
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                    planes.Values[(channel * size + y) * size + x] = picture.Row(top + y)[(left + x) * RgbImage.Channels + channel];
            }
        }

        return planes;
    }
}
