// Kills, pauses and cuts off real processes of a cluster at seeded moments, and proves over their histories that nothing was lost, repeated or
// changed. Exit code 0: everything held; 1: something did not; 2: it cannot be run.
using HunyuanPortrait.Chaos.Processes;
using HunyuanPortrait.Chaos.Running;

ChaosOptions options;
try
{
    options = ChaosOptions.Parse(args);
}
catch (FormatException refusal)
{
    Console.Error.WriteLine($"{refusal.Message}\n{ChaosOptions.Usage}");
    return 2;
}

if (!RedisServer.IsInstalled)
{
    Console.Error.WriteLine("redis-server is not on the PATH. Debian and Ubuntu: sudo apt-get install redis-server");
    return 2;
}

// What is missing is an ITestedCluster over src/Silo; ChaosRun does the rest (docs/plan.md, "Chaos with real processes").
Console.Error.WriteLine(
    $"Nothing was run: {options.Runs} runs on the {options.Device} device need the part that starts silos and submits jobs, and it is not written yet (docs/plan.md).");
return 2;
