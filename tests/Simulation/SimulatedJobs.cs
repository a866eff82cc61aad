using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Simulation.Clips;
using HunyuanPortrait.Simulation.Devices;
using HunyuanPortrait.Workers;

namespace HunyuanPortrait.Simulation;

/// <summary>Jobs for simulated devices, and what one machine without any cluster computes for them.</summary>
public static class SimulatedJobs
{
    private static readonly byte[] AssetContent = "simulated"u8.ToArray();

    /// <summary>A job's specification.</summary>
    /// <param name="frames">Driving frames.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="partLength">Frames of an encoded part.</param>
    public static JobSpecification Specification(int frames, int steps, int partLength = 64)
    {
        var defaults = SimulatedModel.ManifestOf("simulated").Defaults;
        var asset = new AssetReference("assets/simulated", Convert.ToHexStringLower(SHA256.HashData(AssetContent)), "simulated.bin");
        return new JobSpecification(
            SimulatedDevice.Model, asset, asset, frames, defaults with { InferenceSteps = steps }, FaceSettings.Default, ClipRange.Whole,
            OutputSettings.Default with { PartLength = partLength });
    }

    /// <summary>Stores what every simulated job names as portrait and video.</summary>
    public static Task StoreAssetsAsync(IArtifactStore store) => store.CreateAsync(ArtifactKey.Parse("assets/simulated"), AssetContent);

    /// <summary>The ports of one simulated device.</summary>
    /// <param name="cost">What its calls take.</param>
    /// <param name="deviceClass">The kind of its processor.</param>
    public static TaskPorts Ports(SimulatedCost? cost = null, string deviceClass = "simulated") => new(
        new SimulatedDevice(new SimulatedModel(cost ?? new SimulatedCost())) { DeviceClass = deviceClass }, new SimulatedPortraitSource(), new SimulatedDrivingSource(), new SimulatedClipWriter());

    /// <summary>The final latents and the video, computed by the loop of one machine.</summary>
    public static async Task<OneMachineResult> RunOnOneMachineAsync(JobSpecification job, CancellationToken cancellationToken)
    {
        var model = new SimulatedModel(new SimulatedCost());
        var geometry = model.Manifest.Geometry;
        var conditioning = model.PortraitEncoder.Encode(new SimulatedPortraitSource().Cut(new MediaFile(""), job.Faces.Portrait, geometry).Crops, cancellationToken);
        var perFrame = geometry.MotionTokens * geometry.TokenWidth;
        var tokens = new MemoryFrameStore(job.FrameCount, perFrame);
        var frame = 0;
        await using var reading = await new SimulatedDrivingSource().OpenAsync(new MediaFile(""), job, geometry, cancellationToken);
        await foreach (var group in reading.GroupsAsync(cancellationToken))
        {
            var count = group.FaceCrops.Shape[0];
            model.MotionEncoder.Encode(group.FaceCrops, group.HeadCrops, group.Intensity, tokens.Values.Slice(frame * perFrame, count * perFrame), cancellationToken);
            frame += count;
        }

        var denoising = DenoisingJob.Create(model.Manifest, job.Settings, conditioning, tokens);
        var latents = (MemoryFrameStore)new DenoisingLoop(model.WindowDenoiser, MemoryFrameStore.Factory).Run(denoising, cancellationToken);
        var video = new MemoryStream();
        var decoder = new ChunkDecoder(model.FrameDecoder, latents, geometry, job.Settings.DecodeChunkLength);
        frame = 0;
        foreach (var picture in DecodePlan.Chunks(denoising.Padding, job.Settings.DecodeChunkLength).SelectMany(chunk => decoder.Decode(chunk, cancellationToken)))
        {
            video.Write(BitConverter.GetBytes(reading.Track.Times[frame++]));
            video.Write(picture.Pixels.Span);
        }

        return new OneMachineResult(latents.Values.ToArray(), video.ToArray());
    }
}

/// <summary>What one machine computes.</summary>
/// <param name="Latents">Of all padded frames after the last step.</param>
/// <param name="Video">As <see cref="SimulatedClipWriter"/> writes it.</param>
public sealed record OneMachineResult(float[] Latents, byte[] Video);
