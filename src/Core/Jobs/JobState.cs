namespace HunyuanPortrait.Core.Jobs;

/// <summary>Where a job stands. Paused is a flag beside it, not a state: a paused job resumes where it was.</summary>
public enum JobState
{
    /// <summary>Accepted and durable; nothing has begun.</summary>
    Submitted,

    /// <summary>The portrait and the driving video are being encoded.</summary>
    Preparing,

    /// <summary>Windows are being denoised.</summary>
    Denoising,

    /// <summary>Final latents are being decoded and encoded into parts of the video.</summary>
    Decoding,

    /// <summary>The parts are being joined and published.</summary>
    Muxing,

    /// <summary>The video is published.</summary>
    Succeeded,

    /// <summary>Ended with a <see cref="JobFailure"/>.</summary>
    Failed,

    /// <summary>Ended because somebody asked for it.</summary>
    Cancelled,
}

/// <summary>What can happen to a job.</summary>
public enum JobEvent
{
    /// <summary>Encoding of the inputs begins.</summary>
    Prepare,

    /// <summary>All inputs are encoded; denoising begins.</summary>
    Denoise,

    /// <summary>Every segment completed its last step; decoding begins.</summary>
    Decode,

    /// <summary>Every part is encoded; joining begins.</summary>
    Mux,

    /// <summary>The result is published.</summary>
    Succeed,

    /// <summary>The job cannot go on.</summary>
    Fail,

    /// <summary>Somebody wants the job to end.</summary>
    Cancel,

    /// <summary>Nothing more is to be leased for now.</summary>
    Pause,

    /// <summary>Leasing goes on.</summary>
    Resume,
}
