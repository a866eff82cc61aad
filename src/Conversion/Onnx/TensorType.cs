namespace HunyuanPortrait.Conversion.Onnx;

/// <summary>Element types of the ONNX format that our graphs use, with the format's numbers.</summary>
public enum TensorType
{
    /// <summary>32-bit float.</summary>
    Float = 1,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 2,

    /// <summary>64-bit integer.</summary>
    Int64 = 7,

    /// <summary>16-bit float.</summary>
    Float16 = 10,
}
