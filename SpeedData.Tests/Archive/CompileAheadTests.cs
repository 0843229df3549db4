using SpeedData.Core.Archive;

namespace SpeedData.Tests.Archive;

public sealed class CompileAheadTests
{
    /// <remarks>In the product this runs on its own thread, where an exception would end the process.</remarks>
    [Test]
    public void Every_method_to_compile_ahead_can_be_compiled() => Assert.That(CompileAhead.Run, Throws.Nothing);
}
