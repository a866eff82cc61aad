using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Cluster.Tests.Clips;

/// <summary>A real device whose windows are late by chance, so that results arrive in another order each time.</summary>
/// <param name="device">Computes.</param>
/// <param name="seed">Chooses the delays.</param>
internal sealed class DelayedDevice(IDeviceModels device, int seed) : IDeviceModels
{
    private const int LongestDelay = 60;

    private readonly Random random = new(seed);

    public string DeviceClass => device.DeviceClass;

    public IReadOnlyCollection<string> Available => device.Available;

    public IReadOnlyCollection<string> Warm => device.Warm;

    public Task WarmUpAsync(CancellationToken cancellationToken) => device.WarmUpAsync(cancellationToken);

    public IRenderModel this[string model] => new DelayedModel(device[model], this);

    private void Delay(CancellationToken cancellationToken)
    {
        int milliseconds;
        lock (random)
            milliseconds = random.Next(LongestDelay);
        cancellationToken.WaitHandle.WaitOne(milliseconds);
    }

    private sealed class DelayedModel(IRenderModel model, DelayedDevice owner) : IRenderModel, IWindowDenoiser
    {
        public ModelManifest Manifest => model.Manifest;

        public IPortraitEncoder PortraitEncoder => model.PortraitEncoder;

        public IMotionEncoder MotionEncoder => model.MotionEncoder;

        public IWindowDenoiser WindowDenoiser => this;

        public IFrameDecoder FrameDecoder => model.FrameDecoder;

        public int WindowLength => model.WindowDenoiser.WindowLength;

        public void Predict(PortraitConditioning conditioning, WindowInput input, Span<float> velocity, CancellationToken cancellationToken)
        {
            model.WindowDenoiser.Predict(conditioning, input, velocity, cancellationToken);
            owner.Delay(cancellationToken);
        }
    }
}
