using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Inference;

/// <summary>Every refusal of this project (HP5xxx): devices, sessions and runs.</summary>
public static class InferenceErrors
{
    /// <summary>HP5001: the provider's name is not one that this program knows.</summary>
    public static RenderException UnknownProvider(string provider, IEnumerable<string> known) =>
        new("HP5001", $"Unknown inference provider '{provider}'. Known providers: {string.Join(", ", known)}.");

    /// <summary>HP5002: the provider is known, but the ONNX Runtime of this build does not contain it.</summary>
    public static RenderException ProviderNotInBuild(string provider, IEnumerable<string> available) =>
        new("HP5002",
            $"The inference provider '{provider}' is not part of this build; available here: {string.Join(", ", available)}. " +
            "Build with -p:Accelerator=cuda on a machine whose package registry has Microsoft.ML.OnnxRuntime.Gpu, or use the provider 'cpu'.");

    /// <summary>HP5003: the build contains the provider, but this machine cannot start it.</summary>
    public static RenderException ProviderDidNotStart(string provider, int deviceId, string reason, Exception? cause) =>
        new("HP5003",
            $"The inference provider '{provider}' could not start on device {deviceId}: {reason} " +
            "Check the GPU driver, the CUDA and cuDNN libraries and the device number (nvidia-smi lists them), or use the provider 'cpu'.",
            cause);

    /// <summary>HP5004: an option is out of its range, or the provider does not know it.</summary>
    public static RenderException InvalidDeviceOption(string option, string value, string expected) =>
        new("HP5004", $"The device option {option} is {value}; expected {expected}.");

    /// <summary>HP5011: the graph file does not exist.</summary>
    public static RenderException GraphMissing(string network, string path) =>
        new("HP5011", $"Network '{network}': the graph {path} does not exist. Import the model again, or check the model directory.");

    /// <summary>HP5012: the graph is there, but not (all of) its external weights.</summary>
    public static RenderException WeightsMissing(string network, string reason, Exception? cause) =>
        new("HP5012",
            $"Network '{network}': its external weights are missing or shorter than the graph says ({reason}). " +
            "The weight file must lie beside the graph; copy it again or import the model again.",
            cause);

    /// <summary>HP5013: the bytes are no valid ONNX graph.</summary>
    public static RenderException InvalidGraph(string network, string reason, Exception? cause) =>
        new("HP5013", $"Network '{network}' is not a valid ONNX graph: {reason} The file is damaged or not ONNX; import the model again.", cause);

    /// <summary>HP5014: a node has no implementation on the chosen provider.</summary>
    public static RenderException NotImplemented(string network, string provider, string reason, Exception? cause) =>
        new("HP5014",
            $"Network '{network}' uses an operator that the provider '{provider}' does not implement: {reason} " +
            "Use a model imported for this provider, or another provider.",
            cause);

    /// <summary>HP5015: an input or output of the graph is not fp32.</summary>
    public static RenderException BorderNotFloat(string network, string tensor, string type) =>
        new("HP5015", $"Network '{network}': tensor '{tensor}' has element type {type}; inputs and outputs must be fp32 tensors.");

    /// <summary>HP5021: the device or the process has no memory left.</summary>
    public static RenderException OutOfMemory(string network, string provider, Exception? cause) =>
        new("HP5021",
            $"Network '{network}': the provider '{provider}' ran out of memory. " +
            "Free the device's memory, render at a smaller size or precision, or use a device with more memory.",
            cause,
            isTransient: true);

    /// <summary>HP5022: a run failed for a reason that has no refusal of its own.</summary>
    public static RenderException RunFailed(string network, string reason, Exception? cause) =>
        new("HP5022", $"Network '{network}' failed: {reason}", cause);
}
