using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Pictures;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Jobs;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Rendering.Tests.Jobs;

public sealed class JobComposerTests : IDisposable
{
    private const int Frames = 7;

    private static readonly ModelManifest Model = new(
        ModelManifestJson.FormatVersion, "test", ModelKind.StandIn, "fp32", new ModelGeometry(16, 16, 4, 8, 0.18215f, 4, 4, 4, 16, 16, 28, 32, 16),
        new SchedulerSettings(0.002, 700),
        new RenderDefaults(10, 1, new WindowSettings(4, 1, 1), new(2, 2, 2, 2), 2, 25, 8, new MicroConditioning(12.5f, 0, 0), 7),
        new Dictionary<string, NetworkFile>(), [], null, []);

    private readonly string folder = Directory.CreateTempSubdirectory("portrait-composer-").FullName;
    private readonly MemoryArtifactStore store = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Compose_AClip_StoresWhatTheJobReadsByItsContent()
    {
        var request = await RequestAsync();
        var job = await new JobComposer(store).ComposeAsync(request, Model, Token);
        foreach (var (asset, path) in new[] { (job.Portrait, request.PortraitPath), (job.Driving, request.DrivingPath), (job.Faces.Driving.Track!, File("faces.json")) })
        {
            Assert.Equal(Path.GetFileName(path), asset.FileName);
            Assert.Equal(AssetId.Parse(asset.Sha256).Key.Value, asset.Key);
            Assert.Equal(await System.IO.File.ReadAllBytesAsync(path, Token), (await store.ReadAsync(ArtifactKey.Parse(asset.Key), Token))!.Content.ToArray());
        }
    }

    [Fact]
    public async Task Compose_ARequest_SaysEverythingThatDecidesTheResult()
    {
        var request = await RequestAsync();
        var job = await new JobComposer(store).ComposeAsync(request, Model, Token);
        Assert.Equal((ModelIdentity.Of(Model), Frames, 3), (job.Model, job.FrameCount, job.StepCount));
        Assert.Equal((FaceSource.Box, new Box(2, 3, 42, 53)), (job.Faces.Portrait.Source, job.Faces.Portrait.Box));
        Assert.Equal((FaceSource.Known, MissingFacePolicy.Drop), (job.Faces.Driving.Source, job.Faces.Missing));
        Assert.Equal(new OutputSettings(".mov", false, OutputSettings.DefaultPartLength, 32), job.Output);
        Assert.Equal(job, JobDocuments.ReadSpecification(JobDocuments.Write(job)));
    }

    [Fact]
    public async Task Compose_TheSameRequestAgain_GivesTheSameDocument()
    {
        var request = await RequestAsync();
        var first = await new JobComposer(store).ComposeAsync(request, Model, Token);
        Assert.Equal(JobDocuments.Write(first), JobDocuments.Write(await new JobComposer(store).ComposeAsync(request, Model, Token)));
    }

    private string File(string name) => Path.Combine(folder, name);

    private async Task<RenderRequest> RequestAsync()
    {
        var picture = RgbImage.Black(64, 64);
        PictureWriter.WritePng(picture, File("portrait.png"));
        var rate = new Rational(25, 1);
        await using (var writer = VideoWriter.Create(File("driving.mp4"), new VideoWriterOptions(64, 64, new VideoTiming(rate, rate, rate, 25))))
        {
            for (var frame = 0; frame < Frames; frame++)
                await writer.WriteAsync(picture, frame, Token);
            await writer.CompleteAsync(Token);
        }

        var face = new FaceDetection(
            new Box(10, 10, 50, 50), FaceLandmarks.FromPoints([new(20, 20), new(40, 20), new(30, 30), new(22, 40), new(38, 40)]), 1);
        FaceTrack.Write(File("faces.json"), 64, 64, Enumerable.Repeat(face, Frames));
        return new RenderRequest(File("portrait.png"), File("driving.mp4"), File("result.MOV"), folder)
        {
            Sampling = new SamplingOverrides { Steps = 3 },
            Faces = new FaceOptions
            {
                Portrait = FaceSelection.InBox(new Box(2, 3, 42, 53)),
                Driving = FaceSelection.Tracked(FaceTrack.Read(File("faces.json"))),
                Missing = MissingFacePolicy.Drop,
            },
            OutputSize = 32,
        };
    }
}
