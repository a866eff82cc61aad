using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Parity;
using HunyuanPortrait.Parity.Cases;

namespace HunyuanPortrait.Cluster.Tests.Clips;

/// <summary>A device with the networks and the inputs of a recorded sampling run. One task at a time.</summary>
internal sealed class RecordedModel : IDeviceModels, IRenderModel, IPortraitEncoder, IPortraitSource, IDrivingSource, IDisposable
{
    private readonly CaseDirectory directory;
    private readonly LongSamplingSetup setup;
    private readonly CaseNetworkSet networks;

    public RecordedModel(CaseDirectory directory)
    {
        this.directory = directory;
        setup = new LongSamplingSetup(directory);
        networks = new CaseNetworkSet(setup.Architecture, setup.Size, setup.OpenCheckpoint, new OnnxNetworkLoader(new DeviceOptions()));
        MotionEncoder = new MotionEncoder(networks, setup.Geometry, setup.Defaults.MotionGroupLength);
        WindowDenoiser = new WindowDenoiser(networks, setup.Geometry, setup.Defaults.MicroConditioning);
        FrameDecoder = new FrameDecoder(networks, setup.Geometry);
        var network = new NetworkFile("recorded", null, new Dictionary<string, string> { ["recorded"] = "recorded" }, 0, 0);
        Manifest = new ModelManifest(
            ModelManifestJson.FormatVersion, "recorded", ModelKind.StandIn, "fp32", setup.Geometry, setup.Architecture.Scheduler, setup.Defaults,
            new Dictionary<string, NetworkFile> { [network.File] = network }, [], null, []);
    }

    public int FrameCount => setup.RawFrames;

    public ModelManifest Manifest { get; }

    public IPortraitEncoder PortraitEncoder => this;

    public IMotionEncoder MotionEncoder { get; }

    public IWindowDenoiser WindowDenoiser { get; }

    public IFrameDecoder FrameDecoder { get; }

    public string DeviceClass => "recorded";

    public IReadOnlyCollection<string> Available => [ModelIdentity.Of(Manifest)];

    public IReadOnlyCollection<string> Warm => Available;

    public IRenderModel this[string model] => this;

    public Task WarmUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The recorded portrait; what a cropper would say is not recorded.</summary>
    public CutPortrait Cut(MediaFile file, FacePlace face, ModelGeometry geometry) => new(
        new PortraitCrops(directory.Read("ref_image"), setup.EncoderImage, null), new PixelRegion(0, 0, geometry.Width, geometry.Height));

    public PortraitConditioning Encode(PortraitCrops crops, CancellationToken cancellationToken) =>
        new PortraitEncoder(networks, setup.Geometry).Encode(crops.Reference, crops.EncoderImage, directory.Read("arcface_embedding"), cancellationToken);

    public Task<IDrivingReading> OpenAsync(MediaFile file, JobSpecification job, ModelGeometry geometry, CancellationToken cancellationToken) =>
        Task.FromResult<IDrivingReading>(new Reading(directory, setup));

    public void Dispose() => networks.Dispose();

    /// <summary>The recorded crops and landmarks.</summary>
    private sealed class Reading(CaseDirectory directory, LongSamplingSetup setup) : IDrivingReading
    {
        public MotionTrack Track { get; } = new([.. Enumerable.Range(0, setup.RawFrames).Select(frame => (long)frame)], setup.RawFrames, 0, 0);

        public async IAsyncEnumerable<MotionGroup> GroupsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var (faces, heads) = (directory.Read("motion_face_images_uint8"), directory.Read("motion_pose_images_uint8"));
            var landmarks = setup.Landmarks();
            foreach (var group in FrameRange.Cut(setup.RawFrames, setup.Defaults.MotionGroupLength))
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return new MotionGroup(
                    LongSamplingSetup.Unit(faces, group), LongSamplingSetup.Unit(heads, group), MotionIntensityMeter.Measure(landmarks[group.Start..group.End]),
                    [.. Enumerable.Range(group.Start, group.Length).Select(frame => (long)frame)]);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
