using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Import;
using HunyuanPortrait.Conversion.Tests.Checkpoints;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Conversion.Tests.Import;

public sealed class PublishedConfigurationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private ImportRequest Request => new(folder.Path, folder.File("model")) { Architecture = Architecture.Small };

    [Fact]
    public void Apply_NoFiles_KeepsTheArchitecture() =>
        Assert.Equal(Architecture.Small.ToJson().ToJsonString(), PublishedConfiguration.Apply(Request).ToJson().ToJsonString());

    [Fact]
    public void Apply_UNetConfig_ReplacesKnownValuesOnly()
    {
        Write("unet/config.json", """{"_class_name":"X","num_attention_heads":[6,6,8],"sample_size":96,"num_frames":25}""");
        var unet = PublishedConfiguration.Apply(Request).UNet;
        Assert.Equal([6, 6, 8], unet.NumAttentionHeads);
        Assert.Equal(Architecture.Small.UNet.BlockOutChannels, unet.BlockOutChannels);
    }

    [Fact]
    public void Apply_OneHeadCount_CountsForEveryLevel()
    {
        Write("unet/config.json", """{"num_attention_heads":4}""");
        Assert.Equal([4, 4, 4], PublishedConfiguration.Apply(Request).UNet.NumAttentionHeads);
    }

    [Fact]
    public void Apply_SchedulerConfig_SetsTheNoiseRange()
    {
        Write("scheduler/scheduler_config.json", """{"sigma_min":0.01,"sigma_max":80,"prediction_type":"v_prediction","timestep_type":"continuous","use_karras_sigmas":true}""");
        var scheduler = PublishedConfiguration.Apply(Request).Scheduler;
        Assert.Equal((0.01, 80.0), (scheduler.SigmaMin, scheduler.SigmaMax));
    }

    [Fact]
    public void Apply_OptionsOfTheRequest_Win()
    {
        var architecture = PublishedConfiguration.Apply(Request with { ImageSize = 256, WindowLength = 14 });
        Assert.Equal((256, 14), (architecture.ImageSize, architecture.Defaults.Windows.Length));
    }

    [Fact]
    public void Apply_PublishedFiles_GiveTheOfficialArchitecture()
    {
        Write("unet/config.json", """{"_class_name":"UNetSpatioTemporalConditionModel","num_attention_heads":[5,10,20,20],"cross_attention_dim":1024,"transformer_layers_per_block":1}""");
        Write("vae/config.json", """{"scaling_factor":0.18215,"force_upcast":true,"block_out_channels":[128,256,512,512]}""");
        Assert.Equal(Architecture.Official.ToJson().ToJsonString(), PublishedConfiguration.Apply(Request with { Architecture = Architecture.Official }).ToJson().ToJsonString());
    }

    [Fact]
    public void Apply_ArchitectureFile_ReplacesTheRequests()
    {
        Write("architecture.json", Architecture.Small.ToJson().ToJsonString());
        Assert.Equal(
            Architecture.Small.ToJson().ToJsonString(), PublishedConfiguration.Apply(Request with { Architecture = Architecture.Official }).ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("architecture.json", "{}", "required")]
    [InlineData("unet/config.json", "[]", "not a JSON object")]
    [InlineData("unet/config.json", "{", "unet/config.json")]
    [InlineData("unet/config.json", """{"in_channels":"eight"}""", "in_channels")]
    [InlineData("unet/config.json", """{"in_channels":0}""", "between 1 and")]
    [InlineData("unet/config.json", """{"num_attention_heads":[1,1]}""", "2 head counts")]
    [InlineData("unet/config.json", """{"num_attention_heads":[5,5,5]}""", "divisible by its head count")]
    [InlineData("vae/config.json", """{"norm_num_groups":7}""", "norm_num_groups")]
    [InlineData("vae/config.json", """{"block_out_channels":[]}""", "1 to 8 levels")]
    [InlineData("scheduler/scheduler_config.json", """{"prediction_type":"epsilon","use_karras_sigmas":false}""", "only 'v_prediction' is implemented")]
    [InlineData("scheduler/scheduler_config.json", """{"sigma_min":5,"sigma_max":1}""", "sigma")]
    public void Apply_ValueThatCannotBeBuilt_IsRefused(string file, string content, string detail)
    {
        Write(file, content);
        var refusal = Assert.Throws<RenderException>(() => PublishedConfiguration.Apply(Request));
        Assert.Equal("HP2024", refusal.Code);
        Assert.Contains(detail, refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(100, null, "multiple of 32")]
    [InlineData(0, null, "between 1 and")]
    [InlineData(null, 3, "overlap (3) must be less")]
    public void Apply_OptionOutOfRange_IsRefused(int? size, int? window, string detail)
    {
        var refusal = Assert.Throws<RenderException>(() => PublishedConfiguration.Apply(Request with { ImageSize = size, WindowLength = window }));
        Assert.Equal("HP2024", refusal.Code);
        Assert.Contains(detail, refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(file))!);
        File.WriteAllText(folder.File(file), content);
    }
}
