using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.UNet;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Inference.Tests.Networks;

/// <summary>A UNet of two levels with random weights, one window of inputs, and both ways to ask it: the reference's and the product's.</summary>
internal static class TinyUNet
{
    public const int Frames = 3;
    public const int Height = 8;
    public const int Width = 4;
    public const int ImageTokens = 5;
    public const int MotionTokens = 4;

    private const int Latents = 4;

    public static UNetConfiguration Configuration { get; } = new()
    {
        InChannels = 8,
        OutChannels = Latents,
        AdditionTimeEmbedDim = 16,
        ProjectionClassEmbeddingsInputDim = 48,
        CrossAttentionDim = 24,
        DownBlockTypes = ["CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"],
        UpBlockTypes = ["UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"],
        BlockOutChannels = [16, 32],
        LayersPerBlock = 1,
        NumAttentionHeads = [2, 4],
        NormNumGroups = 8,
    };

    private static UNetForm ReferenceForm(float motionScale) => new([.. Enumerable.Repeat(GuidanceBranch.Cond, 3)], Frames, Height, Width, ImageTokens, MotionTokens)
    {
        HasReferenceInputs = true,
        MotionScale = motionScale,
    };

    public static UNetForm ProductForm(float motionScale, params GuidanceBranch[] branches) =>
        new(branches, Frames, Height, Width, ImageTokens, MotionTokens) { MotionScale = motionScale };

    /// <summary>Numbers by formula, so that every test sees the same ones.</summary>
    public static FloatTensor Input(string name, params int[] dims)
    {
        var tensor = FloatTensor.Zeros(dims);
        ProceduralTensors.Fill($"input:{name}", 0, 1.5, tensor.Data);
        return tensor;
    }

    /// <summary>The literal network on (uncond, drop, cond), with everything repeated and zeroed as SPEC §9.5 says: <c>[3, F, 4, h, w]</c>.</summary>
    public static FloatTensor RunNaive(float motionScale = 1)
    {
        var form = ReferenceForm(motionScale);
        var sample = FloatTensor.Zeros(3, Frames, 2 * Latents, Height, Width);
        var (noisy, image) = (Input("noisy", Frames, Latents, Height, Width), Input("image", 1, Latents, Height, Width));
        var pose = FloatTensor.Zeros(3, Frames, Configuration.BlockOutChannels[0], Height, Width);
        var (imageTokens, motionTokens) = (FloatTensor.Zeros(3 * Frames, ImageTokens, 24), FloatTensor.Zeros(3 * Frames, MotionTokens, 24));
        for (var entry = 0; entry < 3 * Frames; entry++)
        {
            var (branch, frame) = (entry / Frames, entry % Frames);
            Copy(noisy, frame, sample, 2 * entry);
            Copy(Input("pose", 1, Configuration.BlockOutChannels[0], Height, Width), 0, pose, entry);
            if (branch == 0)
                continue;
            Copy(image, 0, sample, 2 * entry + 1);
            Copy(Input("image_tokens", 1, ImageTokens, 24), 0, imageTokens, entry);
            if (branch == 2)
                Copy(Input("motion_tokens", Frames, MotionTokens, 24), frame, motionTokens, entry);
        }

        return Run(graph => UNetGraph.Build(new NaiveDialect(graph, new Weights(Weights())), Configuration, form), "output", new()
        {
            ["sample"] = sample,
            ["timestep"] = FloatTensor.Of(0.75f),
            ["added_time_ids"] = FloatTensor.Of(12.5f, 1, 2, 12.5f, 1, 2, 12.5f, 1, 2).Reshape(3, 3),
            ["encoder_hidden_states"] = imageTokens,
            ["motion_tokens"] = motionTokens,
            ["pose_cond_fea"] = pose,
        });
    }

    /// <summary>The product's network on the given branches: <c>[branches, F, 4, h, w]</c>.</summary>
    public static FloatTensor RunProduct(Func<GraphBuilder, Dialect> dialect, UNetForm form)
    {
        var all = Run(graph => UNetFirstLayerGraph.Build(dialect(graph), Configuration, Height, Width), "first_layer", new()
        {
            ["image_latents"] = Input("image", 1, Latents, Height, Width),
            ["pose_features"] = Input("pose", 1, Configuration.BlockOutChannels[0], Height, Width),
        });
        var chosen = FloatTensor.Zeros(form.Branches.Count, Configuration.BlockOutChannels[0], Height, Width);
        for (var i = 0; i < form.Branches.Count; i++)
            Copy(all, (int)form.Branches[i], chosen, i);
        return Run(graph => UNetGraph.Build(dialect(graph), Configuration, form), "velocity", new()
        {
            ["sample"] = Input("noisy", Frames, Latents, Height, Width),
            ["timestep"] = FloatTensor.Of(0.75f),
            ["added_time_ids"] = FloatTensor.Of(12.5f, 1, 2).Reshape(1, 3),
            ["image_tokens"] = Input("image_tokens", 1, ImageTokens, 24),
            ["motion_tokens"] = Input("motion_tokens", Frames, MotionTokens, 24),
            ["first_layer"] = chosen,
        });
    }

    /// <summary>Random weights with every name that the network asks for.</summary>
    public static ICheckpoint Weights()
    {
        using var empty = new ProceduralCheckpoint("tiny", 1, []);
        var asked = new Weights(empty);
        UNetGraph.Build(new PortableDialect(new GraphBuilder("tiny"), asked), Configuration, ReferenceForm(1));
        return new ProceduralCheckpoint("tiny", 1, asked.Requested);
    }

    /// <summary>Largest difference between equally many elements, as a share of the largest expected magnitude.</summary>
    public static float Difference(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0, magnitude = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(actual[i] - expected[i]));
            magnitude = Math.Max(magnitude, Math.Abs(expected[i]));
        }

        return largest / magnitude;
    }

    private static FloatTensor Run(Action<GraphBuilder> build, string output, Dictionary<string, FloatTensor> inputs)
    {
        var graph = new GraphBuilder("tiny");
        build(graph);
        using var network = new OnnxNetworkLoader(new DeviceOptions()).Load(NetworkSource.FromBytes("tiny", OnnxWriter.ToBytes(graph)));
        var result = FloatTensor.Zeros(network.Outputs[output]);
        network.Run(inputs, new Dictionary<string, FloatTensor> { [output] = result });
        return result;
    }

    private static void Copy(FloatTensor source, int sourceIndex, FloatTensor target, int targetIndex)
    {
        var perItem = source.Values.Length / source.Shape[0];
        source.Values.Slice(sourceIndex * perItem, perItem).CopyTo(target.Values[(targetIndex * perItem)..]);
    }
}
