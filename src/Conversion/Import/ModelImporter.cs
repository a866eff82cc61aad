using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Conversion.Import;

/// <summary>
/// Published checkpoints → model directory: graphs, external data, <c>model.json</c>. Everything is checked before anything is written; the
/// directory appears complete or not at all.
/// </summary>
/// <param name="clock">For the time of the licence's acceptance and for durations.</param>
/// <param name="progress">Told after every tensor; may be null.</param>
public sealed class ModelImporter(TimeProvider clock, IProgress<ImportProgress>? progress = null)
{
    private const float LargestHalf = 65504;

    /// <summary>Name of a model that <c>training/</c> wrote: it brings its sizes along, and it is nobody else's.</summary>
    public const string TrainedName = "drawn portraits";

    /// <summary>The licences that an import of published weights accepts.</summary>
    public const string Licenses =
        "Tencent Hunyuan Community License (HunyuanPortrait weights, research use); Stability AI licence of Stable Video Diffusion (VAE and backbone); " +
        "InsightFace model licence (ArcFace, non-commercial research)";

    /// <summary>Imports a folder in the official layout.</summary>
    /// <exception cref="Core.Errors.RenderException">
    /// HP20xx: files are missing, damaged or do not fit the architecture (all problems are listed), the licence was not accepted, or the
    /// target cannot be written. Nothing is left behind.
    /// </exception>
    public ImportReport Import(ImportRequest request, CancellationToken cancellationToken = default)
    {
        var started = clock.GetTimestamp();
        var sources = CheckpointLayout.Locate(request.From);
        var architecture = PublishedConfiguration.Apply(request);
        if (!PublishedConfiguration.HasPublishedSizes(request.From, architecture))
            request = request with { Kind = ModelKind.Embedded, Name = TrainedName };
        if (request.Kind == ModelKind.Official && !request.AcceptLicense)
            throw CheckpointErrors.LicenseNotAccepted(Licenses);
        var plans = NetworkPlan.Of(architecture, architecture.ImageSize, architecture.ImageSize).ToLookup(plan => plan.Checkpoint);
        RequireFit(request.From, sources, plans, cancellationToken);

        using var staged = StagedDirectory.Create(request.To);
        try
        {
            var run = new ImportRun(clock, progress, request, staged.Path);
            foreach (var (label, file) in sources)
                run.Convert(label, file, [.. plans[label]], cancellationToken);
            run.CopyArcFace(cancellationToken);
            var manifest = Describe(request, architecture, run);
            File.WriteAllBytes(Path.Combine(staged.Path, ModelDirectory.ManifestName), ModelManifestJson.Serialize(manifest));
            cancellationToken.ThrowIfCancellationRequested();
            staged.Commit();
            return new ImportReport(manifest, run.Files, clock.GetElapsedTime(started));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.NotWritable(request.To, exception);
        }
    }

    private static void RequireFit(string folder, IReadOnlyDictionary<string, string> sources, ILookup<string, NetworkPlan> plans, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var (label, file) in sources)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var checkpoint = Checkpoint.Open(Path.Combine(folder, file));
            problems.AddRange(NetworkWriter.FindProblems(checkpoint, plans[label]).Select(problem => $"{file}: {problem}"));
        }
        if (problems.Count > 0)
            throw CheckpointErrors.WeightsDoNotFit(folder, problems);
    }

    private ModelManifest Describe(ImportRequest request, Architecture architecture, ImportRun run) => new(
        ModelManifestJson.FormatVersion,
        request.Name,
        request.Kind,
        request.Precision == WeightPrecision.Half ? "fp16" : "fp32",
        architecture.Geometry(architecture.ImageSize, architecture.ImageSize),
        architecture.Scheduler,
        architecture.Defaults,
        run.Networks,
        run.Sources,
        request.Kind == ModelKind.Official ? new LicenseAcceptance(Licenses, clock.GetUtcNow()) : null,
        architecture.ToJson());

    /// <summary>What has been written so far.</summary>
    private sealed class ImportRun(TimeProvider clock, IProgress<ImportProgress>? progress, ImportRequest request, string directory)
    {
        public OrderedDictionary<string, NetworkFile> Networks { get; } = [];

        public List<SourceFile> Sources { get; } = [];

        public List<ImportedFile> Files { get; } = [];

        public void Convert(string label, string file, IReadOnlyList<NetworkPlan> plans, CancellationToken cancellationToken)
        {
            var started = clock.GetTimestamp();
            PeakMemory.Restart();
            var half = request.Precision == WeightPrecision.Half;
            using var checkpoint = Checkpoint.Open(Path.Combine(request.From, file));
            using var observed = new ObservedCheckpoint(checkpoint, half ? LargestHalf : float.MaxValue, Report, cancellationToken);
            var written = new NetworkWriter(request.Dialect, half ? TensorType.Float16 : TensorType.Float).Write(directory, label, observed, plans);
            foreach (var (name, network) in written)
                Networks.Add(name, network);
            Finish(file, WrittenBytes(written.Values), started, cancellationToken);

            void Report(int reads) =>
                progress?.Report(new ImportProgress(file, Files.Count, CheckpointLayout.Files.Count, Math.Min(1, (double)reads / checkpoint.Tensors.Count)));
        }

        public void CopyArcFace(CancellationToken cancellationToken)
        {
            var source = Path.Combine(request.From, CheckpointLayout.ArcFace);
            if (!File.Exists(source))
                return;
            var started = clock.GetTimestamp();
            PeakMemory.Restart();
            RequireOnnx(source);
            File.Copy(source, Path.Combine(directory, CheckpointLayout.ArcFace));
            Finish(CheckpointLayout.ArcFace, new FileInfo(source).Length, started, cancellationToken);
            var hashes = new Dictionary<string, string> { [CheckpointLayout.ArcFace] = Sources[^1].Sha256 };
            Networks.Add(NetworkNames.ArcFace, new NetworkFile(CheckpointLayout.ArcFace, null, hashes, Flops: 0, Nodes: 0));
        }

        private void Finish(string file, long writtenBytes, long started, CancellationToken cancellationToken)
        {
            var path = Path.Combine(request.From, file);
            var bytes = new FileInfo(path).Length;
            Sources.Add(new SourceFile(file, bytes, FileHash.Sha256(path, cancellationToken)));
            Files.Add(new ImportedFile(file, bytes, writtenBytes, clock.GetElapsedTime(started), PeakMemory.Bytes));
        }

        private long WrittenBytes(IEnumerable<NetworkFile> networks) =>
            networks.SelectMany(network => network.Sha256.Keys).Distinct().Sum(name => new FileInfo(Path.Combine(directory, name)).Length);

        /// <summary>An ONNX file begins with its format version, field 1; pages and pointers saved under its name do not.</summary>
        private static void RequireOnnx(string path)
        {
            using var stream = File.OpenRead(path);
            if (stream.ReadByte() != 0x08)
                throw CheckpointErrors.NotOnnx(path);
        }
    }
}
