#!/usr/bin/env -S dotnet run
#:project ../src/Drawing/Drawing.csproj
#:project ../src/Media/Media.csproj
#:property RestorePackagesWithLockFile=false
#:property RuntimeIdentifier=

// Draws the demo's portrait and its driving clip, with their faces: dotnet run demo/draw.cs
// Two held-out persons of the generator, one performance; the voice is synthetic. No photograph or recording is involved.
using System.Buffers.Binary;
using System.Diagnostics;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Pictures;

const uint sitter = 1169333293;
const uint actor = 2514395045;
const int portraitSide = 512;
const int clipSide = 256;
const int frameRate = 25;
const int frameCount = 75;
const int sampleRate = 44100;

var folder = args.Length > 0 ? args[0] : "demo";
var performance = new Performance(ulong.Parse(args.Length > 1 ? args[1] : "13"));
var start = args.Length > 2 ? double.Parse(args[2]) : 0;

// The portrait shows the clip's first pose: place and size reach the model only relative to that frame.
var portrait = PortraitPainter.Paint(Identity.FromNumber(sitter), performance.At(start), portraitSide);
PictureWriter.WritePng(portrait.Picture, Path.Combine(folder, "portrait.png"));
FaceTrack.Write(Path.Combine(folder, "portrait.faces.json"), portraitSide, portraitSide, [portrait.Face]);

var voice = Path.GetTempFileName();
File.WriteAllBytes(voice, Voice());
var arguments = $"-y -v error -f rawvideo -pix_fmt rgb24 -s {clipSide}x{clipSide} -r {frameRate} -i - -f s16le -ar {sampleRate} -ac 1 -i {voice} "
    + "-vf scale=out_color_matrix=bt709 -c:v libx264 -preset veryslow -crf 20 -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 "
    + "-c:a aac -b:a 64k -shortest -movflags +faststart " + Path.Combine(folder, "driving.mp4");
using var encoder = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardInput = true })!;
var faces = new List<FaceDetection>();
for (var frame = 0; frame < frameCount; frame++)
{
    var drawn = PortraitPainter.Paint(Identity.FromNumber(actor), performance.At(start + (double)frame / frameRate), clipSide);
    faces.Add(drawn.Face);
    encoder.StandardInput.BaseStream.Write(drawn.Picture.Pixels.Span);
}

encoder.StandardInput.Close();
encoder.WaitForExit();
File.Delete(voice);
FaceTrack.Write(Path.Combine(folder, "driving.faces.json"), clipSide, clipSide, faces);
return encoder.ExitCode;

// Harmonics of a voice, as loud as the jaw is open, brighter where the mouth is wide.
byte[] Voice()
{
    var samples = new byte[2 * frameCount * sampleRate / frameRate];
    double phase = 0;
    for (var i = 0; i < samples.Length / 2; i++)
    {
        var time = start + (double)i / sampleRate;
        var motion = performance.At(time);
        phase += 2 * Math.PI * (190 + 25 * Math.Sin(1.7 * time) + 4 * Math.Sin(34 * time)) / sampleRate;
        double sum = 0;
        for (var harmonic = 1; harmonic <= 12; harmonic++)
        {
            var formant = Math.Exp(-Math.Pow((harmonic * 190 - 650 - 250 * motion.MouthWidth) / 450, 2)) + 0.25 * Math.Exp(-Math.Pow((harmonic * 190 - 1500) / 500, 2));
            sum += (formant + 0.05) * Math.Sin(harmonic * phase);
        }

        BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(2 * i), (short)(5000 * Math.Tanh(sum * Math.Min(1, 1.6 * motion.Jaw))));
    }

    return samples;
}
