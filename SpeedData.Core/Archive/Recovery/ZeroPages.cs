namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Pages of a file that hold only zeros. After a power loss they are what was never written, and zeros decode as records:
/// 32 KiB of them are 134 valid ones of a schema of a long and doubles.
/// </summary>
internal static class ZeroPages
{
    public const int PageBytes = 4096;

    /// <summary>Where the first whole page of zeros begins; the last page of the file may be shorter.</summary>
    /// <param name="bytes">Bytes of the file.</param>
    /// <param name="offset">Where in the file they begin.</param>
    /// <param name="fileLength">Where the file ends.</param>
    /// <returns>Index in the bytes; their length if there is none.</returns>
    public static int First(ReadOnlySpan<byte> bytes, long offset, long fileLength)
    {
        int page = (int)(-offset & (PageBytes - 1));
        for (; page < bytes.Length; page += PageBytes)
        {
            int length = Math.Min(PageBytes, bytes.Length - page);
            bool isWhole = length == PageBytes || offset + page + length == fileLength;
            if (isWhole && !bytes.Slice(page, length).ContainsAnyExcept((byte)0))
                return page;
        }

        return bytes.Length;
    }
}
