namespace HunyuanPortrait.Inference.Sessions;

/// <summary>The only place that reads the runtime's error texts. They look like <c>[ErrorCode:Fail] … [ONNXRuntimeError] : 1 : FAIL : …</c>.</summary>
internal static class NativeFailures
{
    private const string CodePrefix = "[ErrorCode:";
    private const string InnerPrefix = "[ONNXRuntimeError] : ";

    /// <summary>What a failed load means.</summary>
    public static Exception OfLoad(Exception error, string network, DeviceOptions options)
    {
        var (code, text) = Split(error.Message);
        if (IsOutOfMemory(text))
            return InferenceErrors.OutOfMemory(network, options.Provider, error);
        if (Has(text, "external data") || Has(text, "external initializer"))
            return InferenceErrors.WeightsMissing(network, text, error);
        if (IsDevice(text))
            return OfProvider(error, options);
        return code == "NotImplemented"
            ? InferenceErrors.NotImplemented(network, options.Provider, text, error)
            : InferenceErrors.InvalidGraph(network, text, error);
    }

    /// <summary>What a failed run means. A wrong length of a free dimension is the caller's mistake, as every other wrong shape.</summary>
    public static Exception OfRun(Exception error, string network, string provider)
    {
        var (code, text) = Split(error.Message);
        if (IsOutOfMemory(text))
            return InferenceErrors.OutOfMemory(network, provider, error);
        return code == "InvalidArgument" && Has(text, "OrtValue provided for output")
            ? new ArgumentException($"Network '{network}': {text}", error)
            : InferenceErrors.RunFailed(network, text, error);
    }

    /// <summary>Why a provider does not start.</summary>
    public static Exception OfProvider(Exception error, DeviceOptions options) =>
        InferenceErrors.ProviderDidNotStart(options.Provider, options.DeviceId, Split(error.Message).Text, error);

    private static bool IsOutOfMemory(string text) =>
        Has(text, "Failed to allocate memory") || Has(text, "out of memory") || Has(text, "bad_alloc") || Has(text, "ALLOC_FAILED");

    private static bool IsDevice(string text) =>
        Has(text, "CUDA failure") || Has(text, "onnxruntime_providers_") || Has(text, "CUDA driver") || Has(text, "CUDNN_STATUS");

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static (string Code, string Text) Split(string message)
    {
        var end = message.IndexOf(']', StringComparison.Ordinal);
        if (!message.StartsWith(CodePrefix, StringComparison.Ordinal) || end < 0)
            return ("", Sentence(message));
        return (message[CodePrefix.Length..end], Sentence(WithoutLocation(message[(end + 1)..])));
    }

    // The runtime puts source file, line and C++ signature before a wrapped message; a user has no use for them.
    private static string WithoutLocation(string text)
    {
        var inner = text.LastIndexOf(InnerPrefix, StringComparison.Ordinal);
        return inner < 0 ? text : text[(inner + InnerPrefix.Length)..];
    }

    // One line, ending with a full stop, so that it can stand inside a message.
    private static string Sentence(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.EndsWith('.') ? line : line + ".";
    }
}
