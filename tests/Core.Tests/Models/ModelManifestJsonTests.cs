using System.Text.Json.Nodes;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Models;

public sealed class ModelManifestJsonTests
{
    private static readonly ModelManifest Official = new(
        1,
        "official",
        ModelKind.StandIn,
        "fp16",
        new ModelGeometry(512, 512, 4, 8, 0.18215f, 25, 64, 64, 1024, 320, 224, 256, 512),
        new SchedulerSettings(0.002, 700),
        new RenderDefaults(25, 1, new WindowSettings(25, 3, 3), new GuidanceSettings(2, 2, 2, 2), 15, 25, 8, new MicroConditioning(12.5f, 0, 0), 72580),
        new Dictionary<string, NetworkFile>
        {
            ["expression"] = new("expression.onnx", null, new Dictionary<string, string> { ["expression.onnx"] = "00" }, 12, 3),
        },
        [new SourceFile("unet.pth", 6_300_000_000, "ab")],
        new LicenseAcceptance("research", new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero)),
        new JsonObject { ["unet"] = new JsonObject { ["channels"] = new JsonArray(320, 640) } });

    [Fact]
    public void Parse_SerializedManifest_GivesTheSameManifest()
    {
        var bytes = ModelManifestJson.Serialize(Official);
        var parsed = ModelManifestJson.Parse(bytes, "model.json");
        Assert.Equal(Official.Geometry, parsed.Geometry);
        Assert.Equal(Official.Defaults, parsed.Defaults);
        Assert.Equal(Official.License, parsed.License);
        Assert.Equal(bytes, ModelManifestJson.Serialize(parsed));
    }

    [Fact]
    public void Serialize_Manifest_UsesCamelCaseNamesAndLeavesOutWhatIsComputed()
    {
        var json = JsonNode.Parse(ModelManifestJson.Serialize(Official))!;
        Assert.Equal("StandIn", (string?)json["kind"]);
        Assert.Equal(25, (int?)json["geometry"]!["windowLength"]);
        Assert.Null(json["geometry"]!["latentValues"]);
        Assert.Null(json["defaults"]!["windows"]!["stride"]);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"formatVersion\": 1}")]
    [InlineData("{\"formatVersion\": \"1\"}")]
    [InlineData("{\"formatVersion\": 1, \"formatVersion\": 1}")]
    public void Parse_NotAManifest_IsRefused(string text)
    {
        var exception = Assert.Throws<RenderException>(() => ModelManifestJson.Parse(System.Text.Encoding.UTF8.GetBytes(text), "my/model.json"));
        Assert.Equal("HP2901", exception.Code);
        Assert.Contains("my/model.json", exception.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("surplus"), InlineData("geometry/surplus")]
    public void Parse_UnknownProperty_IsRefused(string path) => Assert.Equal("HP2901", Refusal(path, 1));

    [Fact]
    public void Parse_OtherVersion_IsRefused() => Assert.Equal("HP2902", Refusal("formatVersion", 2));

    [Theory]
    [InlineData("geometry/width", 0)]
    [InlineData("geometry/width", 513)]
    [InlineData("geometry/latentDownscale", 0)]
    [InlineData("defaults/windows/overlap", 25)]
    [InlineData("defaults/windows/length", 24)]
    [InlineData("scheduler/sigmaMin", 800)]
    public void Parse_ContradictoryValue_IsRefused(string path, int value) => Assert.Equal("HP2903", Refusal(path, value));

    [Fact]
    public void Parse_TranslationScaleThatIsNoNumber_IsRefused() => Assert.Equal("HP2903", Refusal("geometry/translationScale", 1e40));

    [Fact]
    public void Parse_ManifestWithoutTranslationScale_HasTheReferences()
    {
        var json = JsonNode.Parse(ModelManifestJson.Serialize(Official))!;
        json["geometry"]!.AsObject().Remove("translationScale");
        Assert.Equal(0, ModelManifestJson.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), "model.json").Geometry.TranslationScale);
    }

    [Theory, InlineData("../x.onnx"), InlineData("/etc/x.onnx"), InlineData("C:\\x.onnx"), InlineData("")]
    public void Parse_FileOutsideTheDirectory_IsRefused(string file) => Assert.Equal("HP2903", Refusal("networks/expression/file", file));

    private static string Refusal(string path, JsonNode value)
    {
        var json = JsonNode.Parse(ModelManifestJson.Serialize(Official))!;
        var parts = path.Split('/');
        parts[..^1].Aggregate(json, (node, part) => node[part]!)[parts[^1]] = value;
        return Assert.Throws<RenderException>(() => ModelManifestJson.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), "model.json")).Code;
    }
}
