using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.Layers;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.UNet;

/// <summary>The spatio-temporal UNet with motion adapters and pose features (SPEC §7).</summary>
public sealed class UNetGraph
{
    private readonly Dialect dialect;
    private readonly UNetConfiguration configuration;
    private readonly UNetForm form;
    private readonly ResidualBlock residual;
    private readonly TransformerBlock transformer;

    private UNetGraph(Dialect dialect, UNetConfiguration configuration, UNetForm form)
    {
        this.dialect = dialect;
        this.configuration = configuration;
        this.form = form;
        var inputs = UNetInputs.Declare(dialect, configuration, form);
        residual = new ResidualBlock(dialect, inputs.TimeEmbedding, form.Branches.Count, configuration.NormNumGroups);
        transformer = new TransformerBlock(dialect, inputs.Context, configuration.NormNumGroups);
        FirstLayer = inputs.FirstLayer;
    }

    private Value FirstLayer { get; }

    /// <summary>Writes the whole network into the dialect's graph.</summary>
    public static void Build(Dialect dialect, UNetConfiguration configuration, UNetForm form)
    {
        var unet = new UNetGraph(dialect, configuration, form);
        var skips = new Stack<Value>();
        var hidden = unet.Down(unet.FirstLayer, skips);
        hidden = unet.Mid(hidden);
        hidden = unet.Up(hidden, skips);
        hidden = dialect.GroupNorm(hidden, "conv_norm_out", new NormSpec(configuration.NormNumGroups, 1e-5f, Silu: true));
        var output = dialect.ToNchw(dialect.Conv(hidden, "conv_out", ConvSpec.Same3(configuration.OutChannels)));
        dialect.Output(form.HasReferenceInputs ? "output" : "velocity",
            dialect.Graph.Reshape(output, form.Branches.Count, form.Frames, configuration.OutChannels, form.Height, form.Width));
    }

    private Value Down(Value hidden, Stack<Value> skips)
    {
        skips.Push(hidden);
        for (var level = 0; level < configuration.Levels; level++)
        {
            var name = $"down_blocks.{level}";
            var attends = HasTransformer(configuration.DownBlockTypes[level]);
            var spec = new ResidualSpec(configuration.BlockOutChannels[level], attends ? 1e-6f : 1e-5f);
            for (var layer = 0; layer < configuration.LayersPerBlock; layer++)
            {
                hidden = Layer(hidden, name, layer, spec, attends ? configuration.NumAttentionHeads[level] : 0);
                skips.Push(hidden);
            }

            if (level < configuration.Levels - 1)
            {
                hidden = dialect.Conv(hidden, $"{name}.downsamplers.0.conv", ConvSpec.Same3(spec.OutChannels, stride: 2));
                skips.Push(hidden);
            }

            Tap(name, hidden);
        }

        return hidden;
    }

    private Value Mid(Value hidden)
    {
        var spec = new ResidualSpec(configuration.BlockOutChannels[^1], 1e-5f);
        hidden = residual.Build(hidden, "mid_block.resnets.0", spec);
        hidden = transformer.Build(hidden, "mid_block.attentions.0", configuration.NumAttentionHeads[^1]);
        hidden = residual.Build(hidden, "mid_block.resnets.1", spec);
        Tap("mid_block", hidden);
        return hidden;
    }

    private Value Up(Value hidden, Stack<Value> skips)
    {
        for (var i = 0; i < configuration.Levels; i++)
        {
            var level = configuration.Levels - 1 - i;
            var name = $"up_blocks.{i}";
            var spec = new ResidualSpec(configuration.BlockOutChannels[level], 1e-6f);
            var heads = HasTransformer(configuration.UpBlockTypes[i]) ? configuration.NumAttentionHeads[level] : 0;
            for (var layer = 0; layer <= configuration.LayersPerBlock; layer++)
                hidden = Layer(dialect.ConcatChannels(hidden, skips.Pop()), name, layer, spec, heads);
            if (level > 0)
                hidden = dialect.Conv(dialect.Upsample(hidden), $"{name}.upsamplers.0.conv", ConvSpec.Same3(spec.OutChannels));
            Tap(name, hidden);
        }

        return hidden;
    }

    private Value Layer(Value hidden, string block, int layer, ResidualSpec spec, int heads)
    {
        hidden = residual.Build(hidden, $"{block}.resnets.{layer}", spec);
        return heads == 0 ? hidden : transformer.Build(hidden, $"{block}.attentions.{layer}", heads);
    }

    private void Tap(string name, Value maps) => dialect.Tap($"mid/{name}", () => dialect.ToNchw(maps));

    private static bool HasTransformer(string blockType) => blockType.StartsWith("CrossAttn", StringComparison.Ordinal);
}
