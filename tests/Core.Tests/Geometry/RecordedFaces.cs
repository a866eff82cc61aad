using System.Text.Json;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Geometry;

/// <summary>The detections of a preprocess case, in call order: source, its crop, then the driving frames.</summary>
internal static class RecordedFaces
{
    public static List<FaceDetection[]> Of(JsonElement recorded) =>
        [.. recorded.GetProperty("detections_in_call_order").EnumerateArray().Select(Faces)];

    private static FaceDetection[] Faces(JsonElement call) =>
        [.. call.GetProperty("boxes").EnumerateArray().Zip(call.GetProperty("kps").EnumerateArray(), Face)];

    private static FaceDetection Face(JsonElement size, JsonElement points)
    {
        var box = size.Doubles();
        var landmarks = points.EnumerateArray().Select(point => new PicturePoint(point[0].GetDouble(), point[1].GetDouble())).ToArray();
        return new FaceDetection(Box.FromSize(box[0], box[1], box[2], box[3]), FaceLandmarks.FromPoints(landmarks), 1);
    }
}
