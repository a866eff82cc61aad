using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Media.Crops;

namespace HunyuanPortrait.Rendering.Sources;

/// <summary>Where faces are: what a job says of it, in the words of the media, and back.</summary>
internal static class FacePlaces
{
    public static FaceSelection SelectionOf(FacePlace place, string? trackPath) => place switch
    {
        { Source: FaceSource.Centred } => FaceSelection.AssumedCentred,
        { Source: FaceSource.Box, Box: { } box } => FaceSelection.InBox(box),
        { Source: FaceSource.Known } when trackPath is not null => FaceSelection.Tracked(FaceTrack.Read(trackPath)),
        _ => FaceSelection.Detected,
    };

    /// <param name="selection">Where the face comes from.</param>
    /// <param name="track">The stored file of its track; needed where the selection has one.</param>
    public static FacePlace PlaceOf(FaceSelection selection, AssetReference? track) => selection switch
    {
        { GivenBox: { } box } => new FacePlace(FaceSource.Box, box),
        { GivenTrack: not null } => new FacePlace(FaceSource.Known, Track: track ?? throw new ArgumentNullException(nameof(track))),
        _ when selection == FaceSelection.AssumedCentred => new FacePlace(FaceSource.Centred),
        _ => FacePlace.Detected,
    };
}
