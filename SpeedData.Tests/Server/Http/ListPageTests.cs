using SpeedData.Server.Http;

namespace SpeedData.Tests.Server.Http;

/// <summary>Splits a list into pages.</summary>
public sealed class ListPageTests
{
    [TestCase(1, "a", "a")]
    [TestCase(2, "a b b", "b")]
    [TestCase(3, "a b b", "b")]
    [TestCase(4, "a b b c", null)]
    [TestCase(9, "a b b c", null)]
    public void Entries_with_the_same_key_are_on_one_page(int limit, string expected, string? next)
    {
        IReadOnlyList<string> taken = new ListPage(limit, null).Take(["a", "b", "b", "c"], key => key, out string? following);

        Assert.That((string.Join(' ', taken), following), Is.EqualTo((expected, next)));
    }

    [Test]
    public void An_empty_list_has_no_next_page() => Assert.That((new ListPage(5, null).Take<string>([], key => key, out string? next), next), Is.EqualTo((Array.Empty<string>(), (string?)null)));
}
