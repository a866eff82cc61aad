using CsCheck;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Jobs;

public sealed class TaskPlanTests
{
    private static readonly Gen<TaskPlan> AnyPlan = Gen.Select(Gen.Int[1, 60], Gen.Int[0, 9], Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 9])
        .Select((frames, padding, motion, decode, part) => new TaskPlan(
            new JobShape(frames, padding, new WindowSettings(7, 2, 3), 3, new ChunkLengths(motion, decode, part))));

    [Fact]
    public void Count_TenMinutesAtOfficialSizes_IsKnownBeforeTheStart()
    {
        var plan = new TaskPlan(new JobShape(15_000, 7, new WindowSettings(25, 3, 3), 25, new ChunkLengths(25, 8, 250)));
        Assert.Equal(600, plan.CountOf(TaskKind.EncodeMotion));
        Assert.Equal(25 * 683, plan.CountOf(TaskKind.DenoiseWindow));
        Assert.Equal(1876, plan.CountOf(TaskKind.DecodeChunk));
        Assert.Equal(60, plan.CountOf(TaskKind.EncodePart));
        Assert.Equal(600 + 25 * 683 + 1876 + 60 + 3, plan.TotalCount);
    }

    [Fact]
    public void Tasks_AnyPlan_AreDistinctAndAsManyAsCounted() => AnyPlan.Sample(plan =>
    {
        var tasks = plan.Tasks().ToList();
        Assert.Equal(plan.TotalCount, tasks.Distinct().Count());
        Assert.All(tasks, task => Assert.True(plan.Contains(task)));
        Assert.All(Enum.GetValues<TaskKind>(), kind => Assert.Equal(plan.CountOf(kind), tasks.Count(task => task.Kind == kind)));
    });

    [Fact]
    public void Contains_TaskBesideThePlan_IsFalse() => AnyPlan.Sample(plan =>
    {
        Assert.False(plan.Contains(TaskId.Denoise(3, 0)));
        Assert.False(plan.Contains(TaskId.Denoise(0, plan.Segments.WindowCount)));
        Assert.False(plan.Contains(TaskId.Of(TaskKind.Mux, 1)));
        Assert.False(plan.Contains(TaskId.Of(TaskKind.DecodeChunk, -1)));
        Assert.False(plan.Contains(new TaskId(TaskKind.EncodePart, 1, 0)));
        Assert.False(plan.Contains(TaskId.Of((TaskKind)99)));
    });

    [Fact]
    public void PartsAndChunks_AnyPlan_NameEachOtherExactlyWhereTheyShareFrames() => AnyPlan.Sample(plan =>
    {
        for (var part = 0; part < plan.EncodeParts.Length; part++)
        {
            var frames = plan.EncodeParts[part] with { Start = plan.EncodeParts[part].Start + plan.Padding.Padding };
            for (var chunk = 0; chunk < plan.DecodeChunks.Length; chunk++)
            {
                var share = plan.DecodeChunks[chunk].Kept.Intersect(frames).Length > 0;
                Assert.Equal(share, Holds(plan.DecodeChunksOfPart(part), chunk));
                Assert.Equal(share, Holds(plan.PartsOfDecodeChunk(chunk), part));
            }
        }
    });

    [Fact]
    public void SegmentsOfDecodeChunk_AnyPlan_OwnItsFrames() => AnyPlan.Sample(plan =>
    {
        for (var chunk = 0; chunk < plan.DecodeChunks.Length; chunk++)
        {
            var frames = plan.DecodeChunks[chunk].Frames;
            var owners = Enumerable.Range(frames.Start, frames.Length).Select(plan.Segments.SegmentOf).Distinct();
            var segments = plan.SegmentsOfDecodeChunk(chunk);
            Assert.Equal(owners, Enumerable.Range(segments.Start, segments.Length));
        }
    });

    [Fact]
    public void Plan_ShapeWithSeveralFaults_ListsAll()
    {
        var refusal = Assert.Throws<RenderException>(() => new TaskPlan(new JobShape(0, -1, new WindowSettings(4, 4, 0), 0, new ChunkLengths(0, 0, 0))));
        Assert.Equal("HP3001", refusal.Code);
        Assert.Equal(7, refusal.Message.Count(letter => letter == '\n'));
    }

    [Fact]
    public void CompareTo_TasksOfAJob_EarlierStepsFirst() =>
        Assert.Equal(
            [TaskId.Denoise(0, 1), TaskId.Of(TaskKind.DecodeChunk), TaskId.Denoise(1, 0), TaskId.Denoise(1, 2)],
            new[] { TaskId.Denoise(1, 2), TaskId.Of(TaskKind.DecodeChunk), TaskId.Denoise(1, 0), TaskId.Denoise(0, 1) }.Order());

    private static bool Holds(FrameRange range, int value) => value >= range.Start && value < range.End;
}
