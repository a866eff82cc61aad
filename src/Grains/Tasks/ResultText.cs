using HunyuanPortrait.Core.Leases;

namespace HunyuanPortrait.Grains.Tasks;

/// <summary>A result in one word, for where the core keeps results by their names.</summary>
internal static class ResultText
{
    // No artifact key has it.
    private const char Separator = '#';

    public static string Of(TaskResult result) => $"{result.Key}{Separator}{result.Sha256}";

    public static TaskResult Parse(string text)
    {
        var split = text.LastIndexOf(Separator);
        return new TaskResult(text[..split], text[(split + 1)..]);
    }
}
