using System.Reflection;
using System.Runtime.CompilerServices;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Native;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive;

/// <summary>
/// Compiles the code that a first block needs while the server still starts. If it is compiled when the block comes, it takes
/// 100 ms, and a process killed in that time would lose what arrived.
/// </summary>
public static class CompileAhead
{
    // Not the codecs: their packages are compiled when published. Their wrappers are small, and compiling them would load every
    // package, although a file needs one at most.
    private static readonly Type[] WritePath =
    [
        typeof(ArchiveWriter), typeof(BlockAssembler), typeof(RollingFile), typeof(PartFiles), typeof(Rotation), typeof(Outage), typeof(FolderLock), typeof(FolderListing), typeof(ArchiveFolder), typeof(ArchiveName),
        typeof(LinuxArchiveFiles), typeof(FileCalls), typeof(PartFile), typeof(ContainerHeader), typeof(IndexFile), typeof(IndexSchema), typeof(IndexAppender), typeof(ArchiveHealth),
        typeof(SyncWorker), typeof(Crc32C), typeof(FoldedCrc32C), typeof(SteppedCrc32C), typeof(BlockIndexer), typeof(IndexEncoding), typeof(EntryBuffer), typeof(FileFinisher),
    ];

    /// <summary>Begins, on a thread of its own. Whoever needs a method earlier compiles it himself.</summary>
    public static void Begin() => OwnedThread.TryStart("compile", Run);

    /// <summary>The same on this thread.</summary>
    internal static void Run()
    {
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        foreach (Type type in WritePath)
        {
            IEnumerable<MethodBase> methods = [.. type.GetConstructors(All), .. type.GetMethods(All)];
            foreach (MethodBase method in methods.Where(IsWritten))
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
    }

    /// <summary>
    /// Not the methods that the compiler generates for records and properties: they are seldom called, or are inlined.
    /// </summary>
    private static bool IsWritten(MethodBase method) => !method.IsAbstract && !method.IsDefined(typeof(CompilerGeneratedAttribute));
}
