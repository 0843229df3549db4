using SpeedData.Core.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>Layouts similar to the channel's own, which show the mistake of a sender.</summary>
public sealed class LayoutVariantsTests
{
    private static readonly LayoutVariants Variants = Of("""{"name":"t","type":"long"},{"name":"s","type":"string"},{"name":"d","type":"double"},{"name":"list","type":{"type":"array","items":"int"}}""");

    // t = 1000, s = "abc", d = 1.5, list = [7]
    private static readonly byte[] T = [0xD0, 0x0F], S = [6, .. "abc"u8], D = BitConverter.GetBytes(1.5), List = [2, 14, 0];

    [Test]
    public void The_field_that_is_missing_is_found()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Variants.LackedFields([.. T, .. S, .. List]), Is.EqualTo(new[] { "d" }));
            Assert.That(Variants.LackedFields([.. T, .. S, .. D]), Is.EqualTo(new[] { "list" }));
            Assert.That(Variants.LackedFields([.. T, .. S, .. D, .. List, 1]), Is.Empty);
        });
    }

    [Test]
    public void Integers_of_fixed_width_are_found_at_any_position()
    {
        byte[] datagram = [.. BitConverter.GetBytes(1000L), .. S, .. D, 2, .. BitConverter.GetBytes(7), 0];
        Assert.Multiple(() =>
        {
            Assert.That(Variants.HasFixedIntegers(datagram), Is.True);
            Assert.That(Variants.HasFixedIntegers(datagram.AsSpan(..^1)), Is.False);
            Assert.That(Variants.HasFloats(datagram), Is.False);
        });
    }

    [Test]
    public void Floats_in_place_of_doubles_are_found() =>
        Assert.That(Variants.HasFloats([.. T, .. S, .. BitConverter.GetBytes(1.5f), .. List]), Is.True);

    [Test]
    public void A_recursive_schema_has_variants_too()
    {
        LayoutVariants variants = Of("""{"name":"n","type":"int"},{"name":"next","type":["null","r"]}""");

        Assert.That(variants.HasFixedIntegers([1, 0, 0, 0, 2, 2, 0, 0, 0, 0]), Is.True);
    }

    [Test]
    public void A_missing_field_is_not_searched_for_in_a_record_with_very_many_fields()
    {
        int many = LayoutVariants.MostFields + 1;
        LayoutVariants variants = Of(string.Join(',', Enumerable.Range(0, many).Select(i => $$"""{"name":"f{{i}}","type":"double"}""")));

        Assert.That(variants.LackedFields(new byte[8 * (many - 1)]), Is.Empty);
    }

    private static LayoutVariants Of(string fields) =>
        new(RecordSchema.Parse($$"""{"type":"record","name":"r","fields":[{{fields}}]}""").Layout);
}
