using System.Text.Json.Nodes;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Media.Faces.Yolo;
using HunyuanPortrait.Media.Pictures;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>The reference detector's input and post-processing on a synthetic prediction (SPEC §3.1).</summary>
internal sealed class YoloCase : ICaseRunner
{
    public string Kind => "yolo-postprocess";

    public bool Accepts(CaseDirectory directory) => directory.Has("conf_threshold") && directory.Has("network_hw");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var config = directory.Config!;
        var crop = Integers(config["crop_xyxy"]!);
        var inputSize = config["input_size"]!.GetValue<int>();
        var picture = PictureRegions.Cut(new PictureReader().Read(directory.File(config["image"]!.GetValue<string>())), new PixelRegion(crop[0], crop[1], crop[2], crop[3]));
        var (width, height) = YoloInput.Size(picture.Width, picture.Height, inputSize);
        yield return Comparison.Of("network_hw", [height, width], [.. Integers(config["network_hw"]!).Select(value => (double)value)], 0);

        var planes = PicturePlanes.ToUnit(YoloInput.Resize(picture, inputSize));
        foreach (ref var value in planes.Values)
            value = MathF.Round(value * 255);
        yield return Comparison.Of("network_input_uint8", planes, directory.Read("network_input_uint8"), Tolerance.Absolute(1));
        foreach (var stride in new[] { 8, 16, 32 })
            yield return Comparison.Of($"grid_{stride}", YoloInput.Grid(width, height, stride), directory.Read($"grid_{stride}"), Tolerance.Exact);

        var thresholds = new YoloThresholds(config["conf_threshold"]!.GetValue<float>(), config["iou_threshold"]!.GetValue<float>());
        var faces = YoloPostprocess.Decode(directory.Read("raw_prediction"), picture.Width / (double)width, picture.Height / (double)height, thresholds);
        // The recording went through single precision at up to a thousand pixels.
        yield return Doubles(directory, "scores", [.. faces.Select(face => face.Score)], 1e-6);
        yield return Doubles(directory, "boxes_xywh", [.. faces.SelectMany(face => new[] { face.Box.Left, face.Box.Top, face.Box.Width, face.Box.Height })], 1e-4);
        yield return Doubles(directory, "keypoints", [.. faces.SelectMany(face => face.Landmarks.Points).SelectMany(point => new[] { point.X, point.Y })], 1e-4);
    }

    private static Comparison Doubles(CaseDirectory directory, string name, double[] actual, double limit)
    {
        var recorded = new double[directory.Recorded.Tensors[name].Shape.ElementCount];
        directory.Recorded.ReadDoubles(name, recorded);
        return Comparison.Of(name, actual, recorded, limit);
    }

    private static int[] Integers(JsonNode array) => [.. array.AsArray().Select(item => item!.GetValue<int>())];
}
