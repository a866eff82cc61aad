using HunyuanPortrait.Chaos.Histories;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>Nothing is noted of a job that nobody submitted, or of a task that its plan does not have.</summary>
internal sealed class OnlyPlannedWork : IHistoryRule
{
    public string Name => "only planned work";

    public IEnumerable<string> Violations(RunEvidence run) =>
        run.Unplanned.Select(note => $"{note.Process} notes {note.Entry.Kind} of {note.Entry.Job} {note.Entry.Task}, which is not planned");
}
