using HunyuanPortrait.Chaos.Histories;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>Something that every history must show.</summary>
internal interface IHistoryRule
{
    /// <summary>As it is printed.</summary>
    string Name { get; }

    /// <summary>Where the history does not show it; a sentence each.</summary>
    IEnumerable<string> Violations(RunEvidence run);
}
