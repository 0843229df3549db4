using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Reading;

/// <summary>A whole block, and what the index knows of it; null for nothing.</summary>
public readonly record struct IndexedBlock(BlockFrame Frame, IndexEntry? Entry);
