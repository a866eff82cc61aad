namespace HunyuanPortrait.Core.Models;

/// <summary>Names of the networks of a model directory, with their inputs and outputs (all fp32 at the border, row-major).</summary>
public static class NetworkNames
{
    /// <summary><c>image [1,3,S,S]</c>, <c>id_features [1,1,512]</c> → <c>output [1,tokens,width]</c>.</summary>
    public const string ImageEncoder = "image-encoder";

    /// <summary><c>input [1,tokens,width]</c> → <c>output [1,imageTokens,width]</c>.</summary>
    public const string ImageProjection = "image-projection";

    /// <summary><c>image [T,3,256,256]</c> in [0, 1] → <c>output [T,features]</c>. T is free.</summary>
    public const string Expression = "expression";

    /// <summary><c>image [T,3,256,256]</c> in [0, 1] → <c>rotation [T,3]</c> degrees, <c>translation [T,3]</c>. T is free.</summary>
    public const string HeadPose = "head-pose";

    /// <summary><c>features [T,features]</c>, <c>head_id [1]</c>, <c>exp_id [1]</c> → <c>output [T,motionTokens,tokenWidth−6]</c>. T is free.</summary>
    public const string MotionRefiner = "motion-refiner";

    /// <summary><c>image [1,3,height,width]</c> → <c>output [1,channels,h,w]</c>.</summary>
    public const string PoseGuider = "pose-guider";

    /// <summary><c>image_latents [1,4,h,w]</c>, <c>pose_features [1,channels,h,w]</c> → <c>first_layer [3,channels,h,w]</c> (uncond, drop, cond).</summary>
    public const string UNetFirstLayer = "unet-first-layer";

    /// <summary>
    /// Branches uncond and cond: <c>sample [F,4,h,w]</c> scaled, <c>timestep [1]</c>, <c>added_time_ids [1,3]</c>, <c>image_tokens [1,N,D]</c>,
    /// <c>motion_tokens [F,N,D]</c>, <c>first_layer [2,channels,h,w]</c> → <c>velocity [2,F,4,h,w]</c>.
    /// </summary>
    public const string UNetTwoBranch = "unet-two-branch";

    /// <summary>As <see cref="UNetTwoBranch"/> with all three branches (uncond, drop, cond), for unequal guidance scales.</summary>
    public const string UNetThreeBranch = "unet-three-branch";

    /// <summary><c>image [1,3,height,width]</c> in [−1, 1] → <c>latent_mode [1,4,h,w]</c>, unscaled.</summary>
    public const string VaeEncoder = "vae-encoder";

    /// <summary><c>latents [n,4,h,w]</c>, unscaled → <c>frames [n,3,height,width]</c>. n is free.</summary>
    public const string VaeDecoder = "vae-decoder";

    /// <summary>Copied as it is: <c>data [1,3,112,112]</c> → first output <c>[1,512]</c>. Optional: without it the identity embedding is zero.</summary>
    public const string ArcFace = "arcface";
}
