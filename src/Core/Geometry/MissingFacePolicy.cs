namespace HunyuanPortrait.Core.Geometry;

/// <summary>What happens to a driving frame without a face.</summary>
public enum MissingFacePolicy
{
    /// <summary>The newest face before it stands in; before the first one, the first.</summary>
    Hold,

    /// <summary>The render is refused.</summary>
    Fail,

    /// <summary>The frame is left out.</summary>
    Drop,
}
