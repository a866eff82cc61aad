using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Geometry;

namespace HunyuanPortrait.Media.Errors;

/// <summary>Every refusal of this project. 11xx pictures, 12xx videos, 13xx faces, 14xx output, 10xx the ffmpeg program.</summary>
public static class MediaErrors
{
    /// <summary>The ffmpeg or ffprobe program cannot be started.</summary>
    public static RenderException ProgramMissing(string program, Exception? cause = null) => new(
        "HP1001", $"The program '{program}' cannot be started. Install ffmpeg (Debian/Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg) and make sure it is on the PATH.", cause);

    /// <summary>The picture file does not exist or cannot be opened.</summary>
    public static RenderException PictureNotReadable(string path, Exception? cause = null) => new(
        "HP1101", $"The picture '{path}' cannot be opened{Because(cause)}. Check the path and its permissions.", cause);

    /// <summary>The file is not a picture in a supported format.</summary>
    public static RenderException NotAPicture(string name, string found) => new(
        "HP1102", $"'{name}' is not a picture that can be read: expected PNG, JPEG or WebP, got {found}. Convert it to PNG.");

    /// <summary>The picture is too small to hold a face.</summary>
    public static RenderException PictureTooSmall(string name, int width, int height, int minimumSide) => new(
        "HP1103", $"The picture '{name}' is {width}×{height}: both sides must have at least {minimumSide} pixels. Use a larger picture.");

    /// <summary>The picture's header promises more pixels than the limit. Nothing was decoded.</summary>
    public static RenderException PictureTooLarge(string name, int width, int height, long maximumPixels) => new(
        "HP1104", $"The picture '{name}' is {width}×{height}, that is {(double)width * height / 1e6:F0} megapixels: at most {maximumPixels / 1e6:F0} are read. Scale it down.");

    /// <summary>The picture's data end early or are damaged.</summary>
    public static RenderException PictureDamaged(string name, string found) => new(
        "HP1105", $"The picture '{name}' is damaged: {found}. Save or download it again.");

    /// <summary>The video file does not exist or cannot be opened.</summary>
    public static RenderException VideoNotReadable(string path, Exception? cause = null) => new(
        "HP1201", $"The video '{path}' cannot be opened{Because(cause)}. Check the path and its permissions.", cause);

    /// <summary>ffprobe does not recognise the file.</summary>
    public static RenderException NotAVideo(string path, string found) => new(
        "HP1202", $"'{path}' is not a video that can be read: {found}. Use MP4, MOV, MKV or WebM; if it is one, it is damaged or was cut off.");

    /// <summary>The file has no moving picture: audio only, or only a cover picture.</summary>
    public static RenderException NoVideoStream(string path, string found) => new(
        "HP1203", $"'{path}' has no video stream, it holds {found}. Use a file with moving pictures.");

    /// <summary>The video stream holds no frame.</summary>
    public static RenderException NoFrames(string path) => new(
        "HP1204", $"The video '{path}' has a video stream without any frame. Export it again.");

    /// <summary>The frames are too small to hold a face.</summary>
    public static RenderException FramesTooSmall(string path, int width, int height, int minimumSide) => new(
        "HP1205", $"The frames of '{path}' are {width}×{height}: both sides must have at least {minimumSide} pixels. Use a larger video.");

    /// <summary>The frames have more pixels than the limit.</summary>
    public static RenderException FramesTooLarge(string path, int width, int height, long maximumPixels) => new(
        "HP1206", $"The frames of '{path}' are {width}×{height}: at most {maximumPixels / 1e6:F0} megapixels are read. Scale the video down.");

    /// <summary>The container promises more frames than the file holds.</summary>
    public static RenderException VideoTruncated(string path, long expected, long found) => new(
        "HP1207", $"The video '{path}' was cut off: its header promises {expected} frames, the file holds {found}. Copy or download it again.");

    /// <summary>ffmpeg stopped while frames were read.</summary>
    public static RenderException DecodingFailed(string path, string found) => new(
        "HP1208", $"Reading the video '{path}' failed: {found}. Nothing was kept; try again, and check the file with a player if it fails again.", isTransient: true);

    /// <summary>The wanted part lies outside the clip.</summary>
    public static RenderException RangeOutside(string path, TimeSpan start, TimeSpan duration) => new(
        "HP1209", $"The video '{path}' has no frame from {start.TotalSeconds:0.###} s on: it lasts {duration.TotalSeconds:0.###} s. Choose an earlier --start.");

    /// <summary>The detector found no face in the portrait.</summary>
    public static RenderException NoFaceInPortrait() => new(
        "HP1301", "No face was found in the portrait. If there is one (a drawing, a profile), say where with --face-box x,y,w,h, or use --assume-centred when it fills the middle.");

    /// <summary>A driving frame has no face and the policy is to fail.</summary>
    public static RenderException NoFaceInFrame(long frame) => new(
        "HP1302", $"No face was found in driving frame {frame} (counted from 0). Use --no-face hold to keep the last face, --no-face drop to leave such frames out, or cut the clip with --start and --duration.");

    /// <summary>No driving frame has a face.</summary>
    public static RenderException NoFaceInDrivingVideo(long frames) => new(
        "HP1303", $"No face was found in any of the {frames} driving frames. Use a clip that shows one, or say where it is with --driving-face-box x,y,w,h.");

    /// <summary>The face box that the user gave is not inside the picture.</summary>
    public static RenderException FaceBoxOutside(Box box, int width, int height) => new(
        "HP1304", $"The face box {box.Left:0.#},{box.Top:0.#},{box.Width:0.#},{box.Height:0.#} (x,y,w,h) is empty or not inside the picture of {width}×{height}. Give pixels of this picture.");

    /// <summary>A face is so small that nothing can be cut out.</summary>
    public static RenderException FaceTooSmall(Box box) => new(
        "HP1305", $"The face at {box.Left:0.#},{box.Top:0.#} is only {box.Width:0.#}×{box.Height:0.#} pixels. Use a picture or clip in which it is larger.");

    /// <summary>A face track does not say where the face of a frame is.</summary>
    public static RenderException FaceTrackTooShort(string path, int faces, long frame) => new(
        "HP1306", $"The face track '{path}' has {faces} faces, but frame {frame} (counted from 0) is read. Use the track that was written with this clip.");

    /// <summary>A face track cannot be read, or it belongs to pictures of another size.</summary>
    public static RenderException FaceTrackUnusable(string path, string found, Exception? cause = null) => new(
        "HP1307", $"The face track '{path}' cannot be used: {found.TrimEnd('.')}. Use the track that was written with this picture or clip.", cause);

    /// <summary>The output file cannot be created.</summary>
    public static RenderException OutputNotWritable(string path, Exception? cause = null) => new(
        "HP1401", $"The output '{path}' cannot be written{Because(cause)}. Check that the folder exists, is writable, and that the path is not a folder.", cause);

    /// <summary>The disk of the output is full.</summary>
    public static RenderException DiskFull(string path) => new(
        "HP1402", $"The disk is full: '{path}' could not be completed, and what was written is removed. Free some space or choose another folder.");

    /// <summary>ffmpeg stopped while the output was written.</summary>
    public static RenderException EncodingFailed(string path, string found) => new(
        "HP1403", $"Writing '{path}' failed: {found}. What was written is removed.", isTransient: true);

    /// <summary>The output's name has no supported ending.</summary>
    public static RenderException OutputFormat(string path) => new(
        "HP1404", $"The output '{path}' has no supported ending: use .mp4, .mov or .mkv.");

    private static string Because(Exception? cause) => cause is null ? "" : $" ({cause.Message.TrimEnd('.')})";
}
