using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Noise;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Core.Tests.Recorded;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Denoising;

public sealed class DenoisingLoopTests
{
    [Fact]
    public void Run_RecordedPredictions_GivesRecordedLatentsAndInputs()
    {
        var recorded = SamplingCase.Load("12-strength");
        var observer = new Recorder();
        var denoiser = new FakeDenoiser(8, (call, input, velocity) =>
        {
            if (call >= 2)
                return;
            var name = call == 0 ? "step0_first_window/" : "step0_last_window/";
            var values = input.ScaledLatents.Length;
            var unet = recorded.Tensors.Floats(name + "latent_model_input");
            Close.Relative(NoisyChannels(unet, 8), input.ScaledLatents.Span, 1e-6);
            Assert.Equal(recorded.Tensors.Floats(name + "batch_prompts")[^input.MotionTokens.Length..], input.MotionTokens.ToArray());
            recorded.Tensors.Floats(name + "noise_pred").AsSpan(0, values).CopyTo(velocity);
        });
        using var latents = new DenoisingLoop(denoiser, MemoryFrameStore.Factory) { Observer = observer }.Run(JobOf(recorded), Token);
        Close.Relative(recorded.Tensors.Floats("initial_latents"), observer.Initial, 1e-6);
        Close.Relative(recorded.Tensors.Floats("step0_first_window/latents"), observer.FirstWindow!, 1e-6);
        Close.Relative(recorded.Tensors.Floats("latents_after_step_0"), observer.Steps[0], 1e-6);
        Assert.Equal(3, observer.Steps.Count);
        Assert.Equal(recorded.Schedule.Timesteps, denoiser.Timesteps.Distinct());
    }

    [Fact]
    public void Run_PerfectPredictions_FindsTheCleanLatents()
    {
        var clean = new[] { 0.5f, -1.25f, 2f };
        using var latents = new DenoisingLoop(PerfectDenoiser(6, clean), MemoryFrameStore.Factory).Run(Job(frames: 20, clean, steps: 12), Token);
        var frame = new float[clean.Length];
        for (var i = 0; i < latents.FrameCount; i++)
        {
            latents.Read(i, frame);
            Close.Absolute(clean, frame, 1e-3);
        }
    }

    [Theory, InlineData(1), InlineData(3), InlineData(5), InlineData(40)]
    public void Run_AnyClipLength_ReportsEveryWindowOfEveryStep(int frames)
    {
        var reports = new List<DenoisingProgress>();
        var job = Job(frames, [1f, 2f], steps: 4);
        var loop = new DenoisingLoop(PerfectDenoiser(6, [1f, 2f]), MemoryFrameStore.Factory) { Progress = new Listener(reports) };
        using var latents = loop.Run(job, Token);
        var windows = WindowPlanner.Plan(job.Padding.PaddedCount, job.Windows, 0).Length;
        Assert.Equal(4 * windows, reports.Count);
        Assert.Equal(new DenoisingProgress(4, 4, windows, windows), reports[^1]);
    }

    [Fact]
    public void Run_WindowThatIsNotANumber_IsRefusedAndLeavesNoStore()
    {
        var factory = new CountingFactory();
        var denoiser = new FakeDenoiser(6, (call, _, velocity) => velocity[0] = call == 3 ? float.NaN : 0);
        var exception = Assert.Throws<RenderException>(() => new DenoisingLoop(denoiser, factory).Run(Job(20, [1f], steps: 2), Token));
        Assert.Equal("HP5101", exception.Code);
        Assert.Equal(0, factory.Open);
    }

    [Fact]
    public void Run_Cancelled_StopsAndLeavesNoStore()
    {
        var factory = new CountingFactory();
        using var cancellation = new CancellationTokenSource();
        var denoiser = new FakeDenoiser(6, (call, _, _) =>
        {
            if (call == 2)
                cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => new DenoisingLoop(denoiser, factory).Run(Job(20, [1f], steps: 2), cancellation.Token));
        Assert.Equal(3, denoiser.Timesteps.Count);
        Assert.Equal(0, factory.Open);
    }

    [Fact]
    public void Run_MoreSteps_AllocateLittle()
    {
        var denoiser = new FakeDenoiser(6, (_, _, _) => { });
        long Allocated(int steps)
        {
            var job = Job(frames: 150, new float[4096], steps);
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var latents = new DenoisingLoop(denoiser, MemoryFrameStore.Factory).Run(job, Token);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(2);
        Assert.InRange((Allocated(12) - Allocated(2)) / 10, 0, 64 << 10);
    }

    [Fact]
    public void Run_OtherWindowLengthThanTheModel_IsRefused()
    {
        var exception = Assert.Throws<RenderException>(() =>
            new DenoisingLoop(PerfectDenoiser(7, [1f]), MemoryFrameStore.Factory).Run(Job(20, [1f], steps: 2), Token));
        Assert.Equal("HP3001", exception.Code);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DenoisingJob JobOf(SamplingCase recorded)
    {
        var raw = recorded.Tensors.Floats("motion_tokens_raw");
        var tokens = new MemoryFrameStore(recorded.RawFrames, raw.Length / recorded.RawFrames);
        raw.CopyTo(tokens.Values);
        var branches = recorded.Tensors.Floats("image_latents_3branch");
        var reference = new FloatTensor(new TensorShape(1, 4, 8, 8), branches.AsMemory(branches.Length - 256));
        return new DenoisingJob(
            new PortraitConditioning(FloatTensor.Zeros(0), reference, FloatTensor.Zeros(0)), 0.18215f, tokens, recorded.Padding,
            new RecordedNoise(recorded.Tensors.Floats("initial_noise")), recorded.Schedule,
            GuidanceSchedule.Create(recorded.Guidance, recorded.StepsRun), recorded.Windows);
    }

    private static DenoisingJob Job(int frames, float[] reference, int steps) => new(
        new PortraitConditioning(FloatTensor.Zeros(0), FloatTensor.Of(reference), FloatTensor.Zeros(0)), 1,
        new MemoryFrameStore(frames, 2), 2, new SeededNoise(1), NoiseSchedule.Create(new SchedulerSettings(0.002, 700), steps),
        GuidanceSchedule.Create(new GuidanceSettings(2, 2, 2, 2), steps), new WindowSettings(6, 2, 3));

    // The velocity that makes PredictClean give the wanted latents: (x/(σ²+1) − x₀)·√(σ²+1)/σ.
    private static FakeDenoiser PerfectDenoiser(int windowLength, float[] clean) => new(windowLength, (_, input, velocity) =>
    {
        var sigma = Math.Exp(4.0 * input.Timestep);
        var scale = Math.Sqrt(sigma * sigma + 1);
        for (var i = 0; i < velocity.Length; i++)
            velocity[i] = (float)((input.ScaledLatents.Span[i] / scale - clean[i % clean.Length]) * scale / sigma);
    });

    // The recorded input is [3 branches, frames, 4 noisy + 4 image channels, 8, 8].
    private static float[] NoisyChannels(float[] input, int frames) =>
        [.. Enumerable.Range(0, frames).SelectMany(frame => input.AsSpan(frame * 512, 256).ToArray())];

    private delegate void Prediction(int call, WindowInput input, Span<float> velocity);

    private sealed class FakeDenoiser(int windowLength, Prediction predict) : IWindowDenoiser
    {
        public List<float> Timesteps { get; } = [];

        public int WindowLength => windowLength;

        public void Predict(PortraitConditioning conditioning, WindowInput input, Span<float> velocity, CancellationToken cancellationToken)
        {
            predict(Timesteps.Count, input, velocity);
            Timesteps.Add(input.Timestep);
        }
    }

    private sealed class Listener(List<DenoisingProgress> reports) : IProgress<DenoisingProgress>
    {
        public void Report(DenoisingProgress value) => reports.Add(value);
    }

    private sealed class Recorder : IDenoisingObserver
    {
        public float[] Initial { get; private set; } = [];

        public float[]? FirstWindow { get; private set; }

        public List<float[]> Steps { get; } = [];

        public void Started(IFrameStore latents) => Initial = All(latents);

        public void WindowCompleted(int stepIndex, int windowIndex, WindowBuffers buffers) => FirstWindow ??= buffers.Latents.ToArray();

        public void StepCompleted(int stepIndex, IFrameStore latents) => Steps.Add(All(latents));

        private static float[] All(IFrameStore latents) => ((MemoryFrameStore)latents).Values.ToArray();
    }

    private sealed class CountingFactory : IFrameStoreFactory
    {
        public int Open { get; private set; }

        public IFrameStore Create(string name, int frameCount, int valuesPerFrame)
        {
            Open++;
            return new Counted(new MemoryFrameStore(frameCount, valuesPerFrame), () => Open--);
        }

        private sealed class Counted(MemoryFrameStore store, Action disposed) : IFrameStore
        {
            public int FrameCount => store.FrameCount;

            public int ValuesPerFrame => store.ValuesPerFrame;

            public void Read(int frame, Span<float> destination) => store.Read(frame, destination);

            public void Write(int frame, ReadOnlySpan<float> values) => store.Write(frame, values);

            public void Dispose() => disposed();
        }
    }
}
