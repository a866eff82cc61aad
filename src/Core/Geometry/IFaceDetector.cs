using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Core.Geometry;

/// <summary>One detected face, in the coordinates of the picture that was searched (SPEC §3.1).</summary>
/// <param name="Box">Around the face; may reach outside the picture.</param>
/// <param name="Landmarks">Its five points.</param>
/// <param name="Score">Confidence, (0, 1].</param>
public sealed record FaceDetection(Box Box, FaceLandmarks Landmarks, double Score)
{
    /// <summary>The face with the largest box, the first of equals; null where there is none.</summary>
    public static FaceDetection? Largest(IReadOnlyList<FaceDetection> faces) => faces.MaxBy(face => face.Box.Area);
}

/// <summary>Finds faces in a picture. Safe for concurrent use.</summary>
public interface IFaceDetector
{
    /// <summary>All faces, best score first; empty where there is none.</summary>
    IReadOnlyList<FaceDetection> Detect(RgbImage image);
}
