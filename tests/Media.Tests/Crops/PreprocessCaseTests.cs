using System.Text.Json;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.PasteBack;

namespace HunyuanPortrait.Media.Tests.Crops;

/// <summary>The recorded pre-processing cases, with the recorded detections.</summary>
public sealed class PreprocessCaseTests
{
    private const string Folder = "golden/preprocess";

    [Theory, InlineData("A"), InlineData("B")]
    public void Cut_RecordedPortrait_GivesTheRecordedCrops(string name)
    {
        var (config, recorded) = Load(name);
        var cut = CutPortrait(config);
        var place = config.GetProperty("crop_bbox").EnumerateArray().Select(item => item.GetInt32()).ToArray();
        Assert.Equal(new PixelRegion(place[0], place[1], place[2], place[3]), cut.Place);
        Assert.Equal(recorded.Bytes("ref_img_uint8").ToArray(), Planes(cut.Picture));
        Assert.InRange(Differences.Largest(recorded.Floats("transformed_image"), cut.Crops.EncoderImage.Values), 0, 5e-5);
        Assert.InRange(Differences.Largest(recorded.Floats("arcface_input"), cut.Crops.ArcFaceImage!.Values), 0, 2e-5);
        Assert.Equal([-1, 1], new[] { cut.Crops.Reference.Values.ToArray().Min(), cut.Crops.Reference.Values.ToArray().Max() }.Select(MathF.Sign));
        // The reference takes the template's mean in single precision.
        var matrix = config.GetProperty("arcface_similarity_matrix");
        Assert.Equal(matrix[0][0].GetDouble(), cut.Alignment.A, 1e-12);
        Assert.Equal(matrix[1][0].GetDouble(), cut.Alignment.B, 1e-12);
        Assert.Equal(matrix[0][2].GetDouble(), cut.Alignment.X, 1e-9);
        Assert.Equal(matrix[1][2].GetDouble(), cut.Alignment.Y, 2e-6);
    }

    [Theory, InlineData("A"), InlineData("B")]
    public void Cut_RecordedFrames_GivesTheRecordedCrops(string name)
    {
        var (config, recorded) = Load(name);
        var frames = config.GetProperty("frames").EnumerateArray().Select(item => SharedReference.Picture($"{Folder}/{item.GetString()}")).ToArray();
        var tracker = new FaceTracker(new ScriptedFaceDetector(Detections(config).Skip(2)));
        var first = tracker.Next(frames[0])!;
        var cropper = new MotionCropper(256, first, frames[0].Width, frames[0].Height);
        var length = 3 * 256 * 256;
        var (expression, pose) = (new float[length], new float[length]);
        for (var i = 0; i < frames.Length; i++)
        {
            var face = i == 0 ? first : tracker.Next(frames[i])!;
            cropper.Cut(frames[i], face.Landmarks, expression, pose);
            Assert.Equal(recorded.Bytes("motion_face_image_uint8").Slice(i * length, length).ToArray(), Planes(cropper.ExpressionPicture));
            Assert.Equal(recorded.Bytes("motion_pose_image_uint8").Slice(i * length, length).ToArray(), Planes(cropper.PosePicture));
            Assert.Equal(Planes(cropper.PosePicture).Select(value => value / 255f), pose);
        }

        Assert.Equal(new FaceCounts(frames.Length, 0, 0), tracker.Counts);
    }

    [Theory, InlineData("A"), InlineData("B")]
    public void Compose_RecordedFrame_GivesTheRecordedPicture(string name)
    {
        var (config, _) = Load(name);
        var portrait = SharedReference.Picture($"{Folder}/{config.GetProperty("source").GetString()}");
        var expected = SharedReference.Picture($"{Folder}/paste_back_{name}.png");
        var actual = RgbImage.Black(portrait.Width, portrait.Height);
        new PasteBackComposer(portrait, CutPortrait(config).Place).Compose(SharedReference.Picture($"{Folder}/frames/002.png"), actual);
        Assert.Equal(0, Differences.Largest(expected.Pixels.Span, actual.Pixels.Span));
    }

    private static PortraitCut CutPortrait(JsonElement config)
    {
        var portrait = SharedReference.Picture($"{Folder}/{config.GetProperty("source").GetString()}");
        return new PortraitCropper(new ScriptedFaceDetector(Detections(config)), Geometries.Official).Cut(portrait);
    }

    private static (JsonElement Config, RecordedTensors Recorded) Load(string name) => (
        JsonDocument.Parse(File.ReadAllBytes(SharedReference.PathOf($"{Folder}/case_{name}.json"))).RootElement,
        new RecordedTensors(SharedReference.PathOf($"{Folder}/io_{name}.safetensors")));

    private static IEnumerable<IReadOnlyList<FaceDetection>> Detections(JsonElement config) =>
        config.GetProperty("detections_in_call_order").EnumerateArray().Select(call =>
            (IReadOnlyList<FaceDetection>)[.. call.GetProperty("boxes").EnumerateArray().Zip(call.GetProperty("kps").EnumerateArray(), (box, points) => new FaceDetection(
                Box.FromSize(box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble()),
                FaceLandmarks.FromPoints([.. points.EnumerateArray().Select(point => new PicturePoint(point[0].GetDouble(), point[1].GetDouble()))]),
                1))]);

    private static byte[] Planes(RgbImage image) =>
        [.. Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, image.Width * image.Height).Select(i => image.Pixels.Span[3 * i + channel]))];
}
