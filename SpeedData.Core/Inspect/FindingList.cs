namespace SpeedData.Core.Inspect;

/// <summary>The findings of one file. All are counted, only the first <see cref="MostListed"/> are kept.</summary>
public sealed class FindingList
{
    /// <summary>The most findings that are kept, because a malicious file may have one every few bytes.</summary>
    public const int MostListed = 1_000;

    private const int LongestDetail = 500;

    private readonly List<Finding> _listed = [];
    private readonly SortedDictionary<FindingKind, long> _counts = [];

    public IReadOnlyList<Finding> Listed => _listed;

    /// <summary>Number of findings of each kind.</summary>
    public IReadOnlyDictionary<FindingKind, long> Counts => _counts;

    public long Total { get; private set; }

    /// <summary>Whether the next finding will be kept, so that its description is worth creating.</summary>
    public bool IsListing => _listed.Count < MostListed;

    public void Add(FindingKind kind, long? offset, long? bytes, string detail)
    {
        Total++;
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        if (IsListing)
            _listed.Add(new Finding(kind, offset, bytes, detail.Length <= LongestDetail ? detail : detail[..LongestDetail] + "…"));
    }
}
