using System.Runtime.InteropServices;
using HunyuanPortrait.Conversion.Networks.FaceApi;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Conversion.Tests.Networks.FaceApi;

public sealed class FaceApiWeightsTests : IDisposable
{
    private const string Plain = """{"name":"b","shape":[2],"dtype":"float32"}""";
    private const string Quantised = """{"name":"w","shape":[1,3],"dtype":"float32","quantization":{"dtype":"uint8","scale":0.5,"min":-1}}""";

    private readonly string folder = Directory.CreateTempSubdirectory("hp-face-api-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Get_QuantisedTensor_IsBytesTimesScalePlusMinimum()
    {
        Write([Quantised], [0, 1, 255]);
        var tensor = FaceApiWeights.Read(folder, "net").Get("w", 1, 3);
        Assert.True(tensor.IsQuantised);
        Assert.Equal([0, 1, 255], tensor.Stored);
        Assert.Equal([-1, -0.5f, 126.5f], tensor.ToValues());
    }

    [Fact]
    public void Get_TensorsOfBothKinds_FollowEachOtherInTheFile()
    {
        Write([Quantised, Plain], [1, 2, 3, .. MemoryMarshal.AsBytes<float>([4.25f, -8])]);
        Assert.Equal([4.25f, -8], FaceApiWeights.Read(folder, "net").Get("b", 2).ToValues());
    }

    [Fact]
    public void Read_NoManifest_IsRefused() => AssertRefused("HP2001", "net-weights_manifest.json", () => FaceApiWeights.Read(folder, "net"));

    [Fact]
    public void Read_NotAManifest_IsRefused()
    {
        File.WriteAllText(Path.Combine(folder, "net-weights_manifest.json"), """{"a":1}""");
        AssertRefused("HP2001", "not a weight manifest", () => FaceApiWeights.Read(folder, "net"));
    }

    [Fact]
    public void Read_ShortBinary_NamesTheTensor()
    {
        Write([Quantised], [0, 1]);
        AssertRefused("HP2003", "'w' needs 3 bytes, 2 are left", () => FaceApiWeights.Read(folder, "net"));
    }

    [Fact]
    public void Read_LongBinary_IsRefused()
    {
        Write([Quantised], [0, 1, 2, 3]);
        AssertRefused("HP2001", "describes 3 bytes of weights, the binary files have 4", () => FaceApiWeights.Read(folder, "net"));
    }

    [Fact]
    public void Read_OtherElementType_IsRefused()
    {
        Write([Quantised.Replace("uint8", "uint16", StringComparison.Ordinal)], [0, 1, 2, 3, 4, 5]);
        AssertRefused("HP2012", "uint16", () => FaceApiWeights.Read(folder, "net"));
    }

    [Fact]
    public void Get_OtherShape_IsRefused()
    {
        Write([Quantised], [0, 1, 2]);
        AssertRefused("HP2011", "its shape is [1, 3], the architecture has [3, 1]", () => FaceApiWeights.Read(folder, "net").Get("w", 3, 1));
    }

    [Fact]
    public void Get_UnknownName_IsRefused()
    {
        Write([Quantised], [0, 1, 2]);
        AssertRefused("HP2015", "v", () => FaceApiWeights.Read(folder, "net").Get("v", 1));
    }

    [Fact]
    public void RequireAllUsed_TensorNobodyAskedFor_IsRefused()
    {
        Write([Quantised, Plain], [1, 2, 3, .. new byte[8]]);
        var weights = FaceApiWeights.Read(folder, "net");
        weights.Get("w", 1, 3);
        AssertRefused("HP2011", "'b'", weights.RequireAllUsed);
    }

    [Fact]
    public void Permute_ConvolutionWeight_MovesChannelsToTheFront()
    {
        // [kH=1, kW=2, in=3, out=2]: element (0, x, i, o) holds 6x + 2i + o.
        var tensor = new FaceApiTensor("w", new(1, 2, 3, 2), [.. Enumerable.Range(0, 12).Select(i => (float)i)], false, 1, 0).Permute(3, 2, 0, 1);
        Assert.Equal([2, 3, 1, 2], tensor.Shape.Dimensions);
        Assert.Equal([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11], tensor.Stored);
    }

    private static void AssertRefused(string code, string detail, Action action)
    {
        var error = Assert.Throws<RenderException>(action);
        Assert.Equal(code, error.Code);
        Assert.Contains(detail, error.Message, StringComparison.Ordinal);
    }

    private void Write(string[] entries, byte[] bytes)
    {
        File.WriteAllText(
            Path.Combine(folder, "net-weights_manifest.json"), $$"""[{"paths":["net.bin"],"weights":[{{string.Join(",", entries)}}]}]""");
        File.WriteAllBytes(Path.Combine(folder, "net.bin"), bytes);
    }
}
