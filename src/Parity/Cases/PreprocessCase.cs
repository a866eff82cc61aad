using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.PasteBack;
using HunyuanPortrait.Media.Pictures;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>From pictures and recorded detections to crops, ids and paste-back; resizes, masks and boxes by themselves (SPEC §3, §10).</summary>
internal sealed class PreprocessCase : ICaseRunner
{
    /// <summary>The reference takes pixel values as they are stored.</summary>
    private static readonly PictureReader Reader = new() { IgnoreColourProfile = true };

    public string Kind => "preprocess";

    public bool Accepts(CaseDirectory directory) => Directory.Exists(directory.Path) && Directory.GetFiles(directory.Path, "case_*.json").Length > 0;

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var comparisons = Directory.GetFiles(directory.Path, "case_*.json").Order(StringComparer.Ordinal)
            .SelectMany(path => RunOne(directory, Path.GetFileNameWithoutExtension(path)["case_".Length..]));
        return comparisons.Concat(PreprocessSamples.Run(directory));
    }

    private static List<Comparison> RunOne(CaseDirectory directory, string name)
    {
        var config = CaseDirectory.ParseObject(directory.File($"case_{name}.json"));
        using var recorded = SafetensorsCheckpoint.Open(directory.File($"io_{name}.safetensors"));
        var detections = Detections(config);
        var size = config["image_size"]!.GetValue<int>();
        var portrait = Reader.Read(directory.File(config["source"]!.GetValue<string>()));
        var geometry = Conversion.Architectures.Architecture.Official.Geometry(size, size);
        var cut = new PortraitCropper(new ScriptedFaces(detections), geometry).Cut(portrait);
        return
        [
            .. Portrait(name, config, recorded, cut),
            .. Frames(directory, name, config, recorded),
            .. PasteBack(directory, name, portrait, cut),
        ];
    }

    private static IEnumerable<Comparison> Portrait(string name, JsonObject config, SafetensorsCheckpoint recorded, PortraitCut cut)
    {
        yield return Comparison.Of($"{name}/crop_bbox", [cut.Place.Left, cut.Place.Top, cut.Place.Right, cut.Place.Bottom], Doubles(config["crop_bbox"]!), 0);
        var matrix = config["arcface_similarity_matrix"]!.AsArray();
        // The reference holds the template in single precision.
        yield return Comparison.Of($"{name}/arcface_similarity_matrix",
            [cut.Alignment.A, -cut.Alignment.B, cut.Alignment.X, cut.Alignment.B, cut.Alignment.A, cut.Alignment.Y], [.. Doubles(matrix[0]!), .. Doubles(matrix[1]!)], 5e-6);
        yield return Comparison.Of($"{name}/ref_img_uint8", Planes(cut.Picture), CaseDirectory.ReadFrom(recorded, "ref_img_uint8"), Tolerance.Exact);
        yield return Comparison.Of($"{name}/transformed_image", cut.Crops.EncoderImage, CaseDirectory.ReadFrom(recorded, "transformed_image"), Tolerance.Absolute(5e-5));
        yield return Comparison.Of($"{name}/arcface_input", cut.Crops.ArcFaceImage!, CaseDirectory.ReadFrom(recorded, "arcface_input"), Tolerance.Absolute(2e-5));
    }

    private static IEnumerable<Comparison> Frames(CaseDirectory directory, string name, JsonObject config, SafetensorsCheckpoint recorded)
    {
        var frames = config["frames"]!.AsArray().Select(path => Reader.Read(directory.File(path!.GetValue<string>()))).ToList();
        var detections = Detections(config).Skip(2).Take(frames.Count).Select(faces => FaceDetection.Largest(faces)!).ToList();
        var expressions = CaseDirectory.ReadFrom(recorded, "motion_face_image_uint8");
        var (actualFaces, actualHeads) = (FloatTensor.Zeros([.. expressions.Shape.Dimensions]), FloatTensor.Zeros([.. expressions.Shape.Dimensions]));
        var cropper = new MotionCropper(expressions.Shape[2], detections[0], frames[0].Width, frames[0].Height);
        var length = expressions.Values.Length / frames.Count;
        var (face, head) = (new float[length], new float[length]);
        for (var i = 0; i < frames.Count; i++)
        {
            cropper.Cut(frames[i], detections[i].Landmarks, face, head);
            Planes(cropper.ExpressionPicture).Values.CopyTo(actualFaces.Values[(i * length)..]);
            Planes(cropper.PosePicture).Values.CopyTo(actualHeads.Values[(i * length)..]);
            var box = ExpressionCrop.BoxOf(detections[i].Landmarks, detections[0].Box);
            yield return Comparison.Of($"{name}/face_motion_boxes/{i}", [box.Left, box.Top, box.Right, box.Bottom], Doubles(config["face_motion_boxes"]![i]!["box"]!), 1e-9);
        }

        yield return Comparison.Of($"{name}/motion_face_image_uint8", actualFaces, expressions, Tolerance.Exact);
        yield return Comparison.Of($"{name}/motion_pose_image_uint8", actualHeads, CaseDirectory.ReadFrom(recorded, "motion_pose_image_uint8"), Tolerance.Exact);
        var intensity = MotionIntensityMeter.Measure([.. detections.Select(detection => detection.Landmarks)]);
        yield return Comparison.Of($"{name}/motion_bucket_ids", [intensity.Head, intensity.Expression],
            [config["motion_bucket_id_head"]!.GetValue<int>(), config["motion_bucket_id_exp"]!.GetValue<int>()], 0);
    }

    private static IEnumerable<Comparison> PasteBack(CaseDirectory directory, string name, RgbImage portrait, PortraitCut cut)
    {
        var expected = directory.File($"paste_back_{name}.png");
        if (!File.Exists(expected))
            yield break;
        var actual = RgbImage.Black(portrait.Width, portrait.Height);
        new PasteBackComposer(portrait, cut.Place).Compose(Reader.Read(directory.File("frames/002.png")), actual);
        yield return Comparison.Of($"{name}/paste_back", Planes(actual), Planes(Reader.Read(expected)), Tolerance.Absolute(1));
    }

    private static List<IReadOnlyList<FaceDetection>> Detections(JsonObject config) =>
        [.. config["detections_in_call_order"]!.AsArray().Select(call => (IReadOnlyList<FaceDetection>)
            [.. call!["boxes"]!.AsArray().Zip(call["kps"]!.AsArray(), (box, points) => Detection(Doubles(box!), points!.AsArray()))])];

    private static FaceDetection Detection(double[] box, JsonArray points) => new(
        Box.FromSize(box[0], box[1], box[2], box[3]),
        FaceLandmarks.FromPoints([.. points.Select(point => Doubles(point!)).Select(point => new PicturePoint(point[0], point[1]))]),
        Score: 1);

    private static FloatTensor Planes(RgbImage picture)
    {
        var planes = FloatTensor.Zeros(RgbImage.Channels, picture.Height, picture.Width);
        var pixels = picture.Pixels.Span;
        for (var i = 0; i < pixels.Length; i++)
            planes.Values[i % RgbImage.Channels * (pixels.Length / RgbImage.Channels) + i / RgbImage.Channels] = pixels[i];
        return planes;
    }

    private static double[] Doubles(JsonNode array) => [.. array.AsArray().Select(item => item!.GetValue<double>())];

    /// <summary>Answers with the recorded detections in the order of the calls.</summary>
    private sealed class ScriptedFaces(IEnumerable<IReadOnlyList<FaceDetection>> answers) : IFaceDetector
    {
        private readonly Queue<IReadOnlyList<FaceDetection>> remaining = new(answers);

        public IReadOnlyList<FaceDetection> Detect(RgbImage image) => remaining.Dequeue();
    }
}
