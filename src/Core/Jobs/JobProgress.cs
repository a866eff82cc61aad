namespace HunyuanPortrait.Core.Jobs;

/// <summary>How far a job has come.</summary>
/// <param name="CompletedTasks">Tasks with an accepted result.</param>
/// <param name="TotalTasks">All tasks of the plan.</param>
/// <param name="CompletedFraction">Of the work, 0 … 1; tasks count by what they cost.</param>
/// <param name="CompletedWindows">Windows of all steps with an accepted result.</param>
/// <param name="TotalWindows">Windows of all steps.</param>
/// <param name="Rate">Work a second, in window-steps, lately; null while too little is known.</param>
/// <param name="TimeLeft">Null while it is not known: at the beginning, while paused, and when nothing was completed lately.</param>
public sealed record JobProgress(
    int CompletedTasks, int TotalTasks, double CompletedFraction, int CompletedWindows, int TotalWindows, double? Rate, TimeSpan? TimeLeft);
