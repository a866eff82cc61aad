using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>Every refusal of checkpoint files and of their import (HP20xx).</summary>
public static class CheckpointErrors
{
    /// <summary>HP2001: the file cannot be opened.</summary>
    public static RenderException NotReadable(string source, string reason, Exception? cause = null) =>
        new("HP2001", $"Cannot read the checkpoint {source}: {reason}. Check the path and its permissions.", cause);

    /// <summary>HP2002: the content is none of the known checkpoint formats.</summary>
    public static RenderException NotACheckpoint(string source, string looksLike) =>
        new("HP2002", $"{source} is not a checkpoint: it looks like {looksLike}. Expected a .safetensors file or a PyTorch .pth file (zip and pickle).");

    /// <summary>HP2003: the file ends before its content does.</summary>
    public static RenderException Truncated(string source, string detail) =>
        new("HP2003", $"{source} is incomplete: {detail}. Download or copy it again.");

    /// <summary>HP2004: the safetensors header contradicts itself or the file.</summary>
    public static RenderException BadHeader(string source, string detail) =>
        new("HP2004", $"The safetensors header of {source} is invalid: {detail}. The file is damaged or was built to mislead; get it from its publisher again.");

    /// <summary>HP2005: the zip directory contradicts itself or the file.</summary>
    public static RenderException BadArchive(string source, string detail) =>
        new("HP2005", $"The zip structure of {source} is invalid: {detail}. The file is damaged or was built to mislead; get it from its publisher again.");

    /// <summary>HP2006: an entry's name leaves the archive.</summary>
    public static RenderException UnsafeEntryName(string source, string entry) =>
        new("HP2006", $"{source} has an entry named '{Shorten(entry)}', which points outside of the archive. Do not use this file.");

    /// <summary>HP2007: an entry is compressed or encrypted; PyTorch stores them plainly.</summary>
    public static RenderException CompressedEntry(string source, string entry, string how) =>
        new("HP2007", $"Entry '{Shorten(entry)}' of {source} is {how}; PyTorch stores entries uncompressed, and only those can be mapped. Pack the file again without compression.");

    /// <summary>HP2008: the pickle asks for something outside of the closed list of tensor constructors.</summary>
    public static RenderException ForbiddenGlobal(string source, string global, long offset, string operation) =>
        new("HP2008", $"The pickle of {source} refers to '{Shorten(global)}' ({operation} at byte {offset} of its pickle). Only tensors and plain containers are read, nothing was executed. Save a plain state dictionary, or do not use this file.");

    /// <summary>HP2009: the pickle is malformed or uses an operation that no state dictionary needs.</summary>
    public static RenderException BadPickle(string source, long offset, string detail) =>
        new("HP2009", $"The pickle of {source} is not a plain state dictionary: {detail} (byte {offset} of its pickle).");

    /// <summary>HP2010: the pickle goes past a limit that real checkpoints are far away from.</summary>
    public static RenderException PickleLimit(string source, long offset, string limit) =>
        new("HP2010", $"The pickle of {source} was refused as a likely bomb: {limit} (byte {offset} of its pickle).");

    /// <summary>HP2011: a tensor lies partly outside of its storage, or its storage is missing.</summary>
    public static RenderException BadTensor(string source, string tensor, string detail) =>
        new("HP2011", $"Tensor '{Shorten(tensor)}' of {source} is invalid: {detail}.");

    /// <summary>HP2012: an element type that is not read.</summary>
    public static RenderException UnsupportedType(string source, string tensor, string type) =>
        new("HP2012", $"Tensor '{Shorten(tensor)}' of {source} has element type '{Shorten(type)}'. Read are F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL.");

    /// <summary>HP2013: stored bytes do not match their checksum.</summary>
    public static RenderException Damaged(string source, string entry) =>
        new("HP2013", $"{source} is damaged: entry '{Shorten(entry)}' does not match its checksum. Download or copy it again.");

    /// <summary>HP2014: an integer tensor was expected.</summary>
    public static RenderException NotInteger(string source, string tensor, ElementType type) =>
        new("HP2014", $"Tensor '{Shorten(tensor)}' of {source} is {type}; an integer type was expected.");

    /// <summary>HP2015: no tensor of this name.</summary>
    public static RenderException NoSuchTensor(string source, string tensor) =>
        new("HP2015", $"{source} has no tensor '{Shorten(tensor)}'.");

    /// <summary>HP2020: files of the official layout are missing.</summary>
    public static RenderException LayoutIncomplete(string folder, IReadOnlyList<string> missing) =>
        new("HP2020", $"{folder} does not have the official layout; missing:{Lines(missing)}\nGive the folder that contains hyportrait/ and vae/.");

    /// <summary>HP2021: names or shapes of weights differ from the architecture's; every one is listed.</summary>
    public static RenderException WeightsDoNotFit(string folder, IReadOnlyList<string> problems) =>
        new("HP2021", $"The checkpoints of {folder} do not fit the architecture ({problems.Count} problems):{Lines(problems)}\nUse the published files, complete and unchanged.");

    /// <summary>HP2022: the publishers' licences were not accepted.</summary>
    public static RenderException LicenseNotAccepted(string licenses) =>
        new("HP2022", $"These weights are for research use under their publishers' licences: {licenses}. Read them (NOTICE says where they apply); if you accept them, add --accept-license, which is recorded in model.json.");

    /// <summary>HP2023: the target is in use.</summary>
    public static RenderException TargetExists(string target) =>
        new("HP2023", $"{target} exists already. Give a directory that does not exist yet, or an empty one.");

    /// <summary>HP2024: a configuration file has values that cannot be built.</summary>
    public static RenderException BadConfiguration(string source, IReadOnlyList<string> failures) =>
        new("HP2024", $"The configuration of {source} cannot be used:{Lines(failures)}\nUse the files that were published with the weights.");

    /// <summary>HP2025: the model directory cannot be written.</summary>
    public static RenderException NotWritable(string target, Exception cause) =>
        new("HP2025", $"Cannot write the model directory {target}: {cause.Message} Nothing was left behind. Check permissions and free space.", cause);

    /// <summary>HP2026: arcface.onnx is something else.</summary>
    public static RenderException NotOnnx(string source) =>
        new("HP2026", $"{source} is not an ONNX file. Download it again, or remove it: without it the identity embedding is zero.");

    /// <summary>HP2027: a weight is not finite, or too large for the written precision.</summary>
    public static RenderException WeightOutOfRange(string source, string tensor, float largest) =>
        new("HP2027", $"Tensor '{Shorten(tensor)}' of {source} has a value that is not finite or beyond ±{largest}. If the file is intact, import with --precision fp32.");

    private static string Lines(IEnumerable<string> items) => string.Concat(items.Select(item => $"\n  {item}"));

    internal static string Shorten(string text)
    {
        const int Longest = 200;
        var printable = string.Concat(text.Take(Longest).Select(letter => char.IsControl(letter) ? '?' : letter));
        return text.Length <= Longest ? printable : printable + "…";
    }
}
