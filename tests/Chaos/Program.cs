// Kills, pauses and cuts off real processes of a cluster at seeded moments, and proves over their histories that nothing was lost, repeated or
// changed. Exit code 0: everything held; 1: something did not; 2: it cannot be run; 128 + signal: it was stopped.
using HunyuanPortrait.Chaos.Running;
using HunyuanPortrait.Chaos.Silos;

if (args is [SiloProcess.Verb, .. var settings])
{
    await SiloProcess.RunAsync(settings);
    return 0;
}

return await ChaosProgram.RunAsync(args, Console.Out, Console.Error);
