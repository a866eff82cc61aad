#!/usr/bin/env -S dotnet run
#:package SkiaSharp
#:package SkiaSharp.NativeAssets.Linux.NoDependencies
#:property RestorePackagesWithLockFile=false

// Draws the demo's portrait and its driving clip: dotnet run demo/draw.cs
// Everything is drawn here; no photograph or recording is involved.
using System.Diagnostics;
using SkiaSharp;

const int portraitSide = 640;
const int clipSide = 320;
const int frameRate = 25;
const int frameCount = 40;

var folder = args.Length > 0 ? args[0] : "demo";
var sitter = new Sitter(new SKColor(0xF2, 0xC9, 0xA8), new SKColor(0x5A, 0x34, 0x22), new SKColor(0x3E, 0x6E, 0x8E), new SKColor(0x2F, 0x4B, 0x5C), new SKColor(0xD9, 0xE3, 0xE0));
var actor = new Sitter(new SKColor(0xD9, 0xA0, 0x7A), new SKColor(0x1E, 0x1A, 0x18), new SKColor(0x5B, 0x3A, 0x1E), new SKColor(0x8A, 0x3B, 0x32), new SKColor(0xB9, 0xC4, 0xCE));

using (var portrait = Draw(portraitSide, sitter, new Pose(0, 0, 0.12f, 1)))
using (var file = File.Create(Path.Combine(folder, "portrait.png")))
    portrait.Encode(SKEncodedImageFormat.Png, 100).SaveTo(file);

// Two tones stand for a voice; the mouth follows the same envelope.
var sound = $"aevalsrc='0.25*sin(2*PI*196*t)*(0.5-0.5*cos(2*PI*2.5*t))+0.1*sin(2*PI*294*t)*(0.5-0.5*cos(2*PI*1.25*t))':d={(double)frameCount / frameRate}:s=44100";
var arguments = $"-y -v error -f rawvideo -pix_fmt rgba -s {clipSide}x{clipSide} -r {frameRate} -i - -f lavfi -i \"{sound}\" "
    + "-c:v libx264 -preset veryslow -crf 26 -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -c:a aac -b:a 64k -shortest -movflags +faststart "
    + Path.Combine(folder, "driving.mp4");
using var encoder = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardInput = true })!;
for (var frame = 0; frame < frameCount; frame++)
{
    var time = (float)frame / frameRate;
    var pose = new Pose(
        0.16f * MathF.Sin(2 * MathF.PI * 0.7f * time),
        0.07f * MathF.Sin(2 * MathF.PI * 1.1f * time + 0.6f),
        0.08f + 0.85f * (0.5f - 0.5f * MathF.Cos(2 * MathF.PI * 2.5f * time)),
        frame is >= 16 and <= 19 ? 0.1f : 1);
    using var picture = Draw(clipSide, actor, pose);
    using var pixels = picture.PeekPixels();
    encoder.StandardInput.BaseStream.Write(pixels.GetPixelSpan());
}

encoder.StandardInput.Close();
encoder.WaitForExit();
return encoder.ExitCode;

// The face is drawn on a field of 640 × 640, features shifted by the pose as if on a sphere.
static SKImage Draw(int side, Sitter sitter, Pose pose)
{
    using var surface = SKSurface.Create(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul));
    var canvas = surface.Canvas;
    canvas.Scale(side / 640f);
    Backdrop(canvas, sitter.Backdrop);
    Body(canvas, sitter);
    canvas.Translate(320, 300);
    canvas.RotateRadians(pose.Yaw * 0.35f);
    canvas.Translate(pose.Yaw * 60, pose.Nod * 60);
    Head(canvas, sitter);
    canvas.Save();
    canvas.Translate(pose.Yaw * 170, pose.Nod * 120);
    canvas.Scale(1 - MathF.Abs(pose.Yaw) * 0.5f, 1);
    Eye(canvas, sitter, -62, pose);
    Eye(canvas, sitter, 62, pose);
    Nose(canvas, sitter);
    Mouth(canvas, pose);
    canvas.Restore();
    Fringe(canvas, sitter);
    return surface.Snapshot();
}

static void Backdrop(SKCanvas canvas, SKColor colour)
{
    using var paint = new SKPaint();
    paint.Shader = SKShader.CreateRadialGradient(new SKPoint(250, 220), 560, [colour, Shade(colour, 0.62f)], SKShaderTileMode.Clamp);
    canvas.DrawRect(0, 0, 640, 640, paint);
}

static void Body(SKCanvas canvas, Sitter sitter)
{
    using var neck = Fill(Shade(sitter.Skin, 0.82f));
    canvas.DrawRoundRect(260, 400, 120, 160, 40, 40, neck);
    using var coat = Fill(sitter.Coat);
    using var shape = new SKPathBuilder();
    shape.MoveTo(60, 660);
    shape.CubicTo(80, 520, 210, 520, 262, 494);
    shape.CubicTo(290, 560, 350, 560, 378, 494);
    shape.CubicTo(430, 520, 560, 520, 580, 660);
    shape.Close();
    using var path = shape.Detach();
    canvas.DrawPath(path, coat);
}

static void Head(SKCanvas canvas, Sitter sitter)
{
    using var hair = Fill(sitter.Hair);
    canvas.DrawOval(0, -40, 168, 186, hair);
    canvas.DrawRoundRect(-166, -40, 332, 190, 70, 90, hair);
    using var ear = Fill(Shade(sitter.Skin, 0.88f));
    canvas.DrawOval(-138, 12, 22, 38, ear);
    canvas.DrawOval(138, 12, 22, 38, ear);
    using var skin = new SKPaint();
    skin.IsAntialias = true;
    skin.Shader = SKShader.CreateRadialGradient(new SKPoint(-40, -30), 260, [Shade(sitter.Skin, 1.06f), Shade(sitter.Skin, 0.76f)], SKShaderTileMode.Clamp);
    using var shape = new SKPathBuilder();
    shape.MoveTo(-136, -40);
    shape.CubicTo(-140, 90, -92, 178, 0, 184);
    shape.CubicTo(92, 178, 140, 90, 136, -40);
    shape.CubicTo(126, -170, -126, -170, -136, -40);
    shape.Close();
    using var path = shape.Detach();
    canvas.DrawPath(path, skin);
    using var cheek = Blur(new SKColor(0xD0, 0x60, 0x50, 0x50), 22);
    canvas.DrawOval(-82, 66, 34, 24, cheek);
    canvas.DrawOval(82, 66, 34, 24, cheek);
}

static void Fringe(SKCanvas canvas, Sitter sitter)
{
    using var hair = Fill(Shade(sitter.Hair, 1.15f));
    using var shape = new SKPathBuilder();
    shape.MoveTo(-150, -20);
    shape.CubicTo(-150, -190, 150, -200, 150, -20);
    shape.CubicTo(120, -90, 60, -110, 10, -112);
    shape.CubicTo(-50, -104, -120, -90, -150, -20);
    shape.Close();
    using var path = shape.Detach();
    canvas.DrawPath(path, hair);
}

static void Eye(SKCanvas canvas, Sitter sitter, float x, Pose pose)
{
    using var socket = Blur(Shade(sitter.Skin, 0.7f).WithAlpha(110), 12);
    canvas.DrawOval(x, -22, 42, 26, socket);
    using var white = Fill(new SKColor(0xFA, 0xF8, 0xF4));
    using var iris = Fill(sitter.Iris);
    using var dark = Fill(new SKColor(0x12, 0x10, 0x10));
    using var lid = Stroke(Shade(sitter.Hair, 0.8f), 6);
    canvas.Save();
    canvas.Translate(x, -18);
    canvas.Scale(1, pose.EyesOpen);
    canvas.DrawOval(0, 0, 33, 18, white);
    canvas.DrawCircle(pose.Yaw * 20, 0, 15.5f, iris);
    canvas.DrawCircle(pose.Yaw * 20, 0, 7.5f, dark);
    canvas.DrawCircle(pose.Yaw * 20 - 5, -6, 4, white);
    canvas.Restore();
    using var upper = new SKPathBuilder();
    upper.MoveTo(x - 36, -16);
    upper.QuadTo(x, -18 - 26 * pose.EyesOpen, x + 36, -16);
    using var lash = upper.Detach();
    canvas.DrawPath(lash, lid);
    using var brow = Stroke(sitter.Hair, 11);
    using var arch = new SKPathBuilder();
    arch.MoveTo(x - 40, -62);
    arch.QuadTo(x, -82 - 8 * pose.MouthOpen, x + 40, -62);
    using var browPath = arch.Detach();
    canvas.DrawPath(browPath, brow);
}

static void Nose(SKCanvas canvas, Sitter sitter)
{
    using var side = Stroke(Shade(sitter.Skin, 0.66f), 5);
    using var shape = new SKPathBuilder();
    shape.MoveTo(-8, -14);
    shape.CubicTo(-16, 30, -30, 50, -20, 60);
    shape.CubicTo(-6, 70, 10, 70, 22, 60);
    using var path = shape.Detach();
    canvas.DrawPath(path, side);
    using var nostril = Blur(Shade(sitter.Skin, 0.4f), 2);
    canvas.DrawOval(-12, 60, 6, 3.5f, nostril);
    canvas.DrawOval(13, 60, 6, 3.5f, nostril);
}

static void Mouth(SKCanvas canvas, Pose pose)
{
    var open = 4 + 30 * pose.MouthOpen;
    using var lips = Fill(new SKColor(0xB5, 0x4A, 0x48));
    using var inside = Fill(new SKColor(0x4A, 0x16, 0x18));
    using var teeth = Fill(new SKColor(0xF4, 0xF0, 0xE8));
    canvas.DrawOval(0, 112, 50, 12 + open * 0.6f, lips);
    canvas.Save();
    using var builder = new SKPathBuilder();
    builder.AddOval(new SKRect(-40, 112 - open * 0.5f, 40, 112 + open * 0.55f));
    using var hole = builder.Detach();
    canvas.DrawPath(hole, inside);
    canvas.ClipPath(hole, SKClipOperation.Intersect, true);
    canvas.DrawRect(-30, 112 - open * 0.5f, 60, open * 0.28f, teeth);
    canvas.Restore();
}

static SKColor Shade(SKColor colour, float factor) => new(
    (byte)Math.Clamp(colour.Red * factor, 0, 255), (byte)Math.Clamp(colour.Green * factor, 0, 255), (byte)Math.Clamp(colour.Blue * factor, 0, 255));

static SKPaint Fill(SKColor colour) => new() { Color = colour, IsAntialias = true };

static SKPaint Stroke(SKColor colour, float width) =>
    new() { Color = colour, IsAntialias = true, IsStroke = true, StrokeWidth = width, StrokeCap = SKStrokeCap.Round };

static SKPaint Blur(SKColor colour, float radius) =>
    new() { Color = colour, IsAntialias = true, MaskFilter = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, radius) };

internal sealed record Sitter(SKColor Skin, SKColor Hair, SKColor Iris, SKColor Coat, SKColor Backdrop);

/// <summary>Yaw and nod in radians or so, the mouth's opening and the eyes' in [0, 1].</summary>
internal readonly record struct Pose(float Yaw, float Nod, float MouthOpen, float EyesOpen);
