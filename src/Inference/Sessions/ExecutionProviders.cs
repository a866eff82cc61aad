using System.Globalization;
using HunyuanPortrait.Core.Errors;
using Microsoft.ML.OnnxRuntime;

namespace HunyuanPortrait.Inference.Sessions;

/// <summary>The only place that knows execution providers: their names, and how one is added to a session.</summary>
internal static class ExecutionProviders
{
    public const string Cpu = "cpu";
    public const string Cuda = "cuda";
    public const string TensorRt = "tensorrt";

    // Our name → the name that the runtime reports.
    private static readonly Dictionary<string, string> RuntimeNames = new(StringComparer.OrdinalIgnoreCase)
    {
        [Cpu] = "CPUExecutionProvider",
        [Cuda] = "CUDAExecutionProvider",
        [TensorRt] = "TensorrtExecutionProvider",
    };

    /// <summary>Version of ONNX Runtime.</summary>
    public static string RuntimeVersion => OrtEnv.Instance().GetVersionString();

    /// <summary>Our names of the providers that this build of the runtime contains.</summary>
    public static IReadOnlyList<string> Available()
    {
        var reported = OrtEnv.Instance().GetAvailableProviders();
        return [.. RuntimeNames.Where(name => reported.Contains(name.Value)).Select(name => name.Key)];
    }

    /// <summary>Checks the options, and that this build has the provider.</summary>
    public static void Validate(DeviceOptions options, IReadOnlyList<string> available)
    {
        if (!RuntimeNames.ContainsKey(options.Provider))
            throw InferenceErrors.UnknownProvider(options.Provider, RuntimeNames.Keys);
        if (!available.Contains(options.Provider, StringComparer.OrdinalIgnoreCase))
            throw InferenceErrors.ProviderNotInBuild(options.Provider, available);
        if (options.DeviceId < 0)
            throw InferenceErrors.InvalidDeviceOption(nameof(options.DeviceId), Text(options.DeviceId), "0 or more");
        if (options.IntraOpThreads is < 0 or > 1024)
            throw InferenceErrors.InvalidDeviceOption(nameof(options.IntraOpThreads), Text(options.IntraOpThreads), "0 (one per core) to 1024");
        if (IsCpu(options) && options.ProviderOptions.Count > 0)
            throw InferenceErrors.InvalidDeviceOption(options.ProviderOptions.Keys.First(), "set", "no provider options: 'cpu' has none");
    }

    /// <summary>Adds the provider to a session that is about to be created.</summary>
    /// <exception cref="RenderException">The provider does not start on this machine (HP5003).</exception>
    public static void Append(SessionOptions session, DeviceOptions options)
    {
        if (IsCpu(options))
            return;
        try
        {
            // What TensorRT cannot compile goes to CUDA, not to the CPU.
            if (options.Provider.Equals(TensorRt, StringComparison.OrdinalIgnoreCase))
                AppendTensorRt(session, options);
            AppendCuda(session, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw NativeFailures.OfProvider(error, options);
        }
    }

    private static bool IsCpu(DeviceOptions options) => options.Provider.Equals(Cpu, StringComparison.OrdinalIgnoreCase);

    private static void AppendTensorRt(SessionOptions session, DeviceOptions options)
    {
        using var provider = new OrtTensorRTProviderOptions();
        provider.UpdateOptions(WithDevice(options.ProviderOptions, options.DeviceId));
        session.AppendExecutionProvider_Tensorrt(provider);
    }

    private static void AppendCuda(SessionOptions session, DeviceOptions options)
    {
        var own = options.ProviderOptions.Where(option => !option.Key.StartsWith("trt_", StringComparison.Ordinal));
        using var provider = new OrtCUDAProviderOptions();
        provider.UpdateOptions(WithDevice(own, options.DeviceId));
        session.AppendExecutionProvider_CUDA(provider);
    }

    private static Dictionary<string, string> WithDevice(IEnumerable<KeyValuePair<string, string>> options, int deviceId) =>
        new(options) { ["device_id"] = Text(deviceId) };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
