using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>Speed-up of one number of devices.</summary>
/// <param name="Run">What was measured.</param>
/// <param name="SpeedUp">
/// The time of one device without any pause, which is computed (window-steps × simulated time), over the measured time: what the cluster adds counts
/// against it.
/// </param>
/// <param name="SpeedUpOfMeasured">The same against what one GPU silo took for a window-step in the first run.</param>
internal sealed record ScalingPoint(ScalingRun Run, double SpeedUp, double SpeedUpOfMeasured);

/// <summary>What the scaling benchmark found.</summary>
/// <param name="Machine">Cores and system.</param>
/// <param name="LoadAverage">Of the system, when it began and ended; other programs make every figure worse.</param>
/// <param name="WindowSeconds">Simulated time of a window-step.</param>
/// <param name="One">The run with one GPU silo, on a short clip.</param>
/// <param name="Points">Runs with several GPU silos, on the long clip.</param>
/// <param name="Memory">What grains hold.</param>
internal sealed record ScalingReport(
    string Machine, string LoadAverage, double WindowSeconds, ScalingRun One, IReadOnlyList<ScalingPoint> Points, IReadOnlyList<GrainMemory> Memory)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(Machine).AppendLine(CultureInfo.InvariantCulture, $"load average {LoadAverage}");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"one GPU silo, {One.WindowSteps} window-steps measured: {One.SecondsOfDevice:F4} s each, of which {WindowSeconds:F3} s are simulated");
        text.AppendLine("silos  store      steps  window-steps  seconds  speed-up  (of measured)  CPU ms  idle ms  messages  bytes  calls  writes  reads  kB allocated  compiler ms  refused");
        foreach (var (run, speedUp, ofMeasured) in Points)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{run.GpuSilos,5}  {run.Store,-9}  {run.Steps,5}  {run.WindowSteps,12}  {run.Seconds,7:F1}  {speedUp,8:F2}  {ofMeasured,13:F2}  {run.CpuMilliseconds,6:F2}  {run.IdleCpuMilliseconds,7:F2}  {run.Messages,8:F1}  {run.MessageBytes,5:F0}  {run.Calls.Values.Sum(),5:F1}  {run.StoreWrites,6:F1}  {run.StoreReads,5:F1}  {run.AllocatedKilobytes,12:F0}  {run.CompilerMilliseconds,11:F2}  {run.Refused,7}");
        }

        foreach (var (call, count) in Points[^1].Run.Calls.OrderByDescending(call => call.Value))
            text.AppendLine(CultureInfo.InvariantCulture, $"{count,8:F3} {call}");
        foreach (var memory in Memory)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{memory.Frames} frames: {memory.Segments} segments of {memory.SegmentKilobytes:F1} kB, coordinator {memory.CoordinatorKilobytes:F0} kB");
        }

        text.AppendLine("Measured: seconds, CPU, messages, store and memory. Computed: the time of one silo for the long clip (window-steps × time of one).");
        return text.ToString().TrimEnd();
    }
}
