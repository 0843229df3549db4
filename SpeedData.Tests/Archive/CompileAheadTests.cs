using SpeedData.Core.Archive;

namespace SpeedData.Tests.Archive;

public sealed class CompileAheadTests
{
    /// <remarks>It runs on a thread of its own, where an exception would end the process.</remarks>
    [Test]
    public void All_it_names_can_be_compiled() => Assert.That(CompileAhead.Run, Throws.Nothing);
}
