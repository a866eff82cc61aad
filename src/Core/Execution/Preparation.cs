namespace HunyuanPortrait.Core.Execution;

/// <summary>
/// What preparing a job has settled: with the specification, everything that a denoising, decoding or encoding task needs to know. Written once,
/// before denoising begins.
/// </summary>
/// <param name="FrameCount">Driving frames that are kept.</param>
/// <param name="DeviceClass">The kind of processor that every further task runs on.</param>
/// <param name="Conditioning">Artifact of the portrait's conditioning.</param>
/// <param name="Motion">Folder of the motion track.</param>
public sealed record Preparation(int FrameCount, string DeviceClass, string Conditioning, string Motion);
