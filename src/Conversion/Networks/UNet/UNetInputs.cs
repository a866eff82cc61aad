using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.Layers;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.UNet;

/// <summary>The UNet's inputs after their embedding layers.</summary>
/// <param name="FirstLayer">Output of the first convolution with pose features, maps of B·F frames.</param>
/// <param name="TimeEmbedding"><c>SiLU(emb)</c>, <c>[1 or B, 4·C₀]</c>: every residual block starts its projection with the same SiLU.</param>
/// <param name="Context">What the cross attentions look at.</param>
internal sealed record UNetInputs(Value FirstLayer, Value TimeEmbedding, CrossContext Context)
{
    /// <summary>Declares the inputs of one form and builds the embeddings.</summary>
    public static UNetInputs Declare(Dialect dialect, UNetConfiguration configuration, UNetForm form) =>
        form.HasReferenceInputs ? Reference(dialect, configuration, form) : Product(dialect, configuration, form);

    private static UNetInputs Product(Dialect dialect, UNetConfiguration configuration, UNetForm form)
    {
        var graph = dialect.Graph;
        var (branches, channels) = (form.Branches.Count, configuration.BlockOutChannels[0]);
        var sample = dialect.Input("sample", form.Frames, configuration.OutChannels, form.Height, form.Width);
        var embedding = EmbedTime(dialect, configuration, rows: 1);
        var image = dialect.Input("image_tokens", 1, form.ImageTokens, configuration.CrossAttentionDim);
        var motion = dialect.Input("motion_tokens", form.Frames, form.MotionTokens, configuration.CrossAttentionDim);
        var constant = dialect.Input("first_layer", branches, channels, form.Height, form.Width);

        var weight = graph.Slice(dialect.Weights.Get(graph, "conv_in.weight", channels, configuration.InChannels, 3, 3), 1, 0, configuration.OutChannels);
        var noisy = graph.Conv(sample, weight, null, ConvGeometry.Square(1));
        var sum = graph.Add(
            graph.Reshape(noisy, 1, form.Frames, channels, form.Height * form.Width),
            graph.Reshape(constant, branches, 1, channels, form.Height * form.Width));
        var first = dialect.FromNchw(graph.Reshape(sum, branches * form.Frames, channels, form.Height, form.Width));
        return new UNetInputs(first, embedding, new CrossContext(image, motion, form.Branches, form.Frames, form.MotionScale));
    }

    private static UNetInputs Reference(Dialect dialect, UNetConfiguration configuration, UNetForm form)
    {
        var graph = dialect.Graph;
        var (batch, channels) = (form.Branches.Count, configuration.BlockOutChannels[0]);
        var frames = batch * form.Frames;
        var sample = dialect.Input("sample", batch, form.Frames, configuration.InChannels, form.Height, form.Width);
        var embedding = EmbedTime(dialect, configuration, rows: batch);
        var image = dialect.Input("encoder_hidden_states", frames, form.ImageTokens, configuration.CrossAttentionDim);
        var motion = dialect.Input("motion_tokens", frames, form.MotionTokens, configuration.CrossAttentionDim);

        var maps = dialect.FromNchw(graph.Reshape(sample, frames, configuration.InChannels, form.Height, form.Width));
        var first = dialect.Conv(maps, "conv_in", ConvSpec.Same3(channels));
        dialect.Tap("mid/conv_in", () => dialect.ToNchw(first));
        if (form.HasPoseFeatures)
        {
            var pose = dialect.Input("pose_cond_fea", batch, form.Frames, channels, form.Height, form.Width);
            first = dialect.Add(first, dialect.FromNchw(graph.Reshape(pose, frames, channels, form.Height, form.Width)));
        }

        return new UNetInputs(first, embedding, new CrossContext(image, motion, form.Branches, form.Frames, form.MotionScale));
    }

    /// <summary>SPEC §7.1. Sinusoids are fp32 whatever the graph computes in.</summary>
    private static Value EmbedTime(Dialect dialect, UNetConfiguration configuration, int rows)
    {
        var graph = dialect.Graph;
        var timestep = graph.Input("timestep", 1);
        var ids = graph.Input("added_time_ids", rows, 3);
        var time = Embed(dialect, "time_embedding", Sinusoid.Of(graph, timestep, configuration.BlockOutChannels[0]), configuration.TimeEmbedDim);
        var idWaves = Sinusoid.Of(graph, graph.Reshape(ids, 3 * rows), configuration.AdditionTimeEmbedDim);
        var added = Embed(dialect, "add_embedding", graph.Reshape(idWaves, rows, configuration.ProjectionClassEmbeddingsInputDim), configuration.TimeEmbedDim);
        dialect.Tap("mid/time_embedding", () => graph.Expand(time, rows, configuration.TimeEmbedDim));
        dialect.Tap("mid/add_embedding", () => added);
        return graph.Silu(graph.Add(time, added));
    }

    private static Value Embed(Dialect dialect, string name, Value waves, int width)
    {
        if (dialect.Weights.Compute != TensorType.Float)
            waves = dialect.Graph.Cast(waves, dialect.Weights.Compute);
        var inner = dialect.Graph.Silu(dialect.LinearRows(waves, $"{name}.linear_1", width));
        return dialect.LinearRows(inner, $"{name}.linear_2", width);
    }
}
