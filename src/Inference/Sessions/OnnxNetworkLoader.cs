using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Networks;
using Microsoft.ML.OnnxRuntime;

namespace HunyuanPortrait.Inference.Sessions;

/// <summary>Loads networks with ONNX Runtime onto one device.</summary>
public sealed class OnnxNetworkLoader : INetworkLoader
{
    private readonly DeviceOptions options;

    /// <summary>Checks the options; nothing is loaded yet.</summary>
    /// <exception cref="RenderException">The provider is unknown (HP5001), not in this build (HP5002), or an option is wrong (HP5004).</exception>
    public OnnxNetworkLoader(DeviceOptions options)
    {
        ExecutionProviders.Validate(options, ExecutionProviders.Available());
        this.options = options;
    }

    /// <summary>The providers that this build contains, by the names that <see cref="DeviceOptions.Provider"/> takes.</summary>
    public static IReadOnlyList<string> AvailableProviders => ExecutionProviders.Available();

    /// <inheritdoc/>
    /// <exception cref="RenderException">
    /// The provider does not start (HP5003); graph or weights are missing or invalid (HP5011 … HP5015); no memory (HP5021).
    /// </exception>
    public INetwork Load(NetworkSource source)
    {
        using var session = CreateOptions(source);
        try
        {
            return new OnnxNetwork(source.Name, Open(source, session), options.Provider);
        }
        catch (OnnxRuntimeException error)
        {
            throw NativeFailures.OfLoad(error, source.Name, options);
        }
    }

    private static InferenceSession Open(NetworkSource source, SessionOptions session)
    {
        if (source.Graph is { } graph)
            return new InferenceSession(graph.ToArray(), session);
        ArgumentNullException.ThrowIfNull(source.Path, nameof(source));
        if (!File.Exists(source.Path))
            throw InferenceErrors.GraphMissing(source.Name, source.Path);
        return new InferenceSession(source.Path, session);
    }

    private SessionOptions CreateOptions(NetworkSource source)
    {
        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = options.EffectiveThreads,
            // Errors come back as exceptions; the runtime would print them to the terminal as well.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
            if (source.ExternalDataFolder is { } folder)
                session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetFullPath(folder));
            ExecutionProviders.Append(session, options);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
