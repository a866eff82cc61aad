using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Core.Tests.Jobs;

public sealed class JobRulesTests
{
    private static readonly JobLimits Limits = new() { MaximumFrames = 100, MaximumActiveJobs = 2, MaximumPriority = 5 };

    [Theory, InlineData("a"), InlineData("studio-7"), InlineData("0123456789012345678901234567890123456789012345678901234567890ab")]
    public void Require_GoodTerms_Pass(string tenant) => JobRules.Require(new JobTerms(tenant, 5, "scene 4, take 2"), Limits, 100, 1);

    [Theory, InlineData(""), InlineData("Studio"), InlineData("-a"), InlineData("a-"), InlineData("a/b"), InlineData("a\n"),
        InlineData("0123456789012345678901234567890123456789012345678901234567890abc")]
    public void Failures_TenantThatIsNoName_NameIt(string tenant) =>
        Assert.Contains($"tenant ('{tenant}')", Assert.Single(JobRules.Failures(new JobTerms(tenant), Limits, 1)), StringComparison.Ordinal);

    [Theory, InlineData(-11), InlineData(6)]
    public void Failures_PriorityOutOfRange_SayTheRange(int priority) =>
        Assert.Equal($"priority ({priority}) must be -10 to 5", Assert.Single(JobRules.Failures(new JobTerms("a", priority), Limits, 1)));

    [Fact]
    public void Require_SeveralFaults_ListsAll()
    {
        var refusal = Assert.Throws<RenderException>(() => JobRules.Require(new JobTerms("", 99, "\t"), Limits, 101, 0));
        Assert.Equal("HP3001", refusal.Code);
        Assert.Equal(4, refusal.Message.Count(letter => letter == '\n'));
    }

    [Fact]
    public void Require_AsManyJobsAsAllowed_IsRefusedForNow()
    {
        var refusal = Assert.Throws<RenderException>(() => JobRules.Require(new JobTerms("a"), Limits, 1, 2));
        Assert.Equal(("HP6002", true), (refusal.Code, refusal.IsTransient));
    }
}
