using SpeedData.Core.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>
/// Refused records with field, offset and reason. Each record begins with an extra byte, so that an offset counts from the start of
/// the datagram.
/// </summary>
public class RecordRefusalTests
{
    private const string Long = "\"long\"";
    private const string Int = "\"int\"";
    private const string Text = "\"string\"";
    private const string Ints = """{"type":"array","items":"int"}""";
    private const string Doubles = """{"type":"array","items":"double"}""";
    private const string Nulls = """{"type":"array","items":"null"}""";
    private const string ManyNulls = """{"type":"array","items":{"type":"array","items":"null"}}""";
    private const string Flags = """{"type":"map","values":"boolean"}""";
    private const string Colour = """{"type":"enum","name":"colour","symbols":["RED","GREEN"]}""";
    private const string Maybe = """["null","double"]""";
    private const string Point = """{"type":"record","name":"point","fields":[{"name":"x","type":"float"},{"name":"y","type":"float"}]}""";
    private const string Things = """{"type":"array","items":{"type":"record","name":"thing","fields":[{"name":"id","type":"int"},{"name":"name","type":"string"}]}}""";
    private const string Limits = """{"type":"map","values":{"type":"record","name":"limit","fields":[{"name":"on","type":"boolean"}]}}""";

    private static IEnumerable<TestCaseData> Refusals()
    {
        static TestCaseData Case(string name, string type, string hex, RecordFaultKind kind, string path, int offset, string reason) =>
            new TestCaseData(type, hex, kind, path, offset, reason).SetName(name);

        yield return Case("A_missing_value_is_refused", Long, "", RecordFaultKind.Truncated, "v", 1, "the datagram ends inside long");
        yield return Case("A_cut_off_varint_is_refused", Long, "8080", RecordFaultKind.Truncated, "v", 1, "the datagram ends inside long");
        yield return Case("A_cut_off_double_is_refused", "\"double\"", "00000000000000", RecordFaultKind.Truncated, "v", 1, "double takes 8 bytes, 7 are left");
        yield return Case("A_cut_off_record_is_refused_at_the_field_that_is_cut", Point, "0000000000", RecordFaultKind.Truncated, "v.y", 5, "float takes 4 bytes, 1 is left");
        yield return Case("A_varint_of_eleven_bytes_is_refused", Long, "8080808080808080808001", RecordFaultKind.VarintTooLong, "v", 1, "0x80808080808080808080 is longer");
        yield return Case("A_varint_of_more_than_64_bits_is_refused", Long, "FFFFFFFFFFFFFFFFFF02", RecordFaultKind.VarintTooLong, "v", 1, "64 bits");
        yield return Case("A_padded_varint_is_refused", Long, "8000", RecordFaultKind.VarintTooLong, "v", 1, "0x8000");
        yield return Case("A_varint_padded_at_its_ninth_byte_is_refused", Long, "80808080808080808000", RecordFaultKind.VarintTooLong, "v", 1, "shortest form");
        yield return Case("A_padded_varint_before_more_bytes_is_refused", Long, "8180000000000000000000000000", RecordFaultKind.VarintTooLong, "v", 1, "shortest form");
        yield return Case("An_int_of_33_bits_is_refused", Int, "8080808010", RecordFaultKind.IntOutOfRange, "v", 1, "2147483648 does not fit");
        yield return Case("An_int_of_six_bytes_is_refused", Int, "808080808001", RecordFaultKind.IntOutOfRange, "v", 1, "does not fit an int of 32 bits");
        yield return Case("A_boolean_of_two_is_refused", "\"boolean\"", "02", RecordFaultKind.BadBoolean, "v", 1, "this one is 2");
        yield return Case("A_missing_boolean_is_refused", "\"boolean\"", "", RecordFaultKind.Truncated, "v", 1, "inside boolean");
        yield return Case("A_negative_string_length_is_refused", Text, "03", RecordFaultKind.NegativeLength, "v", 1, "its length is -2");
        yield return Case("A_string_longer_than_the_rest_of_the_datagram_is_refused", Text, "0661", RecordFaultKind.LengthTooLarge, "v", 1, "its length is 3, but only 1 byte is left");
        yield return Case("The_largest_length_is_refused", "\"bytes\"", "FEFFFFFFFFFFFFFFFF01", RecordFaultKind.LengthTooLarge, "v", 1, "9223372036854775807");
        yield return Case("A_string_that_is_not_UTF8_is_refused_at_its_first_bad_byte", Text, "066162FF", RecordFaultKind.InvalidUtf8, "v", 4, "byte 2 of a text of 3 is 0xFF");
        yield return Case("A_string_that_ends_inside_a_character_is_refused", Text, "0461C3", RecordFaultKind.InvalidUtf8, "v", 3, "0xC3");
        yield return Case("A_surrogate_in_UTF8_is_refused", Text, "06EDA080", RecordFaultKind.InvalidUtf8, "v", 2, "0xED");
        yield return Case("An_enum_index_without_a_symbol_is_refused", Colour, "04", RecordFaultKind.BadEnumIndex, "v", 1, "index 2, but enum 'colour' has 2 symbols");
        yield return Case("A_negative_enum_index_is_refused", Colour, "01", RecordFaultKind.BadEnumIndex, "v", 1, "index -1");
        yield return Case("An_enum_index_of_64_bits_is_refused", Colour, "808080808001", RecordFaultKind.BadEnumIndex, "v", 1, "index ");
        yield return Case("A_union_index_without_a_branch_is_refused", Maybe, "04", RecordFaultKind.BadUnionIndex, "v", 1, "index 2, but the union has 2 branches");
        yield return Case("A_negative_union_index_is_refused", Maybe, "01", RecordFaultKind.BadUnionIndex, "v", 1, "index -1");
        yield return Case("A_cut_off_union_branch_is_refused", Maybe, "0200", RecordFaultKind.Truncated, "v", 2, "double takes 8 bytes, 1 is left");
        yield return Case("An_enum_index_in_a_union_is_refused_by_the_enum", "[\"null\"," + Colour + "]", "0206", RecordFaultKind.BadEnumIndex, "v", 2, "index 3, but enum 'colour' has 2 symbols");
        yield return Case("More_items_than_fit_are_refused", Ints, "8002" + "00", RecordFaultKind.CountTooLarge, "v", 1, "a block of 128 items, but only 1 byte is left");
        yield return Case("More_doubles_than_fit_are_refused", Doubles, "04" + "000000000000000000000000000000", RecordFaultKind.CountTooLarge, "v", 1, "a block of 2 items, but only 15 bytes are left");
        yield return Case("More_items_than_fit_in_a_sized_block_are_refused", Ints, "0302" + "02", RecordFaultKind.CountTooLarge, "v", 1, "a block of 2 items");
        yield return Case("The_smallest_count_is_refused", Nulls, "FFFFFFFFFFFFFFFFFF01" + "00" + "00", RecordFaultKind.CountTooLarge, "v", 1, "at most 65536");
        yield return Case("Too_many_empty_items_are_refused", Nulls, "828008" + "00", RecordFaultKind.CountTooLarge, "v", 1, "65537 items of no bytes; one record may have at most 65536");
        yield return Case("Too_many_empty_items_over_several_blocks_are_refused", Nulls, "808008" + "02" + "00", RecordFaultKind.CountTooLarge, "v", 4, "at most 65536");
        yield return Case("Too_many_empty_items_over_several_arrays_are_refused", ManyNulls, "04" + "80800800" + "0200" + "00", RecordFaultKind.CountTooLarge, "v[1]", 6, "at most 65536");
        yield return Case("An_array_without_an_end_is_refused", Ints, "0202", RecordFaultKind.Truncated, "v", 3, "the datagram ends inside array");
        yield return Case("A_negative_block_size_is_refused", Ints, "0101" + "02" + "00", RecordFaultKind.NegativeLength, "v", 2, "its length is -1");
        yield return Case("A_block_larger_than_the_rest_of_the_datagram_is_refused", Ints, "0108" + "02" + "00", RecordFaultKind.LengthTooLarge, "v", 2, "its length is 4, but only 2 bytes are left");
        yield return Case("A_block_with_too_large_a_size_is_refused", Ints, "0104" + "02" + "00", RecordFaultKind.BlockSizeMismatch, "v", 1, "states 2 bytes for its 1 item,");
        yield return Case("A_block_with_too_small_a_size_is_refused", Doubles, "030E" + "00000000000000000000000000000000" + "00", RecordFaultKind.BlockSizeMismatch, "v", 1, "states 7 bytes for its 2 items,");
        yield return Case("A_field_of_an_item_is_named_by_its_path", Things, "04" + "02" + "0261" + "04" + "02FF" + "00", RecordFaultKind.InvalidUtf8, "v[1].name", 7, "0xFF");
        yield return Case("An_item_of_a_second_block_is_named_by_its_index_in_the_array", Things, "02" + "020261" + "02" + "0401" + "00", RecordFaultKind.NegativeLength, "v[1].name", 7, "-1");
        yield return Case("A_value_of_a_map_is_named_by_its_key", Limits, "02" + "066C6F77" + "05" + "00", RecordFaultKind.BadBoolean, "v[\"low\"].on", 6, "this one is 5");
        yield return Case("A_key_of_a_map_is_named_by_its_position", Flags, "04" + "026101" + "02FE01" + "00", RecordFaultKind.InvalidUtf8, "v[1 key]", 6, "0xFE");
        yield return Case("More_entries_than_fit_are_refused", Flags, "0C" + "00010001", RecordFaultKind.CountTooLarge, "v", 1, "a block of 6 items");
        yield return Case("Bytes_after_the_record_are_refused", Int, "02" + "0000", RecordFaultKind.TrailingBytes, "", 2, "the record ends after 2 bytes and 2 more follow");
    }

    [TestCaseSource(nameof(Refusals))]
    public void A_datagram_is_refused_with_field_offset_and_reason(string type, string hex, RecordFaultKind kind, string path, int offset, string reason)
    {
        var layout = Schemas.Layout(("first", Int), ("v", type));
        byte[] datagram = Convert.FromHexString("00" + hex);

        var fault = layout.Explain(datagram);

        Assert.Multiple(() =>
        {
            Assert.That(fault.Kind, Is.EqualTo(kind));
            Assert.That(fault.FieldPath, Is.EqualTo(path));
            Assert.That(fault.Offset, Is.EqualTo(offset));
            Assert.That(fault.Reason, Does.Contain(reason));
            Assert.That(layout.Check(datagram), Is.EqualTo(kind));
        });
    }

    [Test]
    public void An_empty_datagram_is_refused()
    {
        var fault = Schemas.Layout(("v", Long)).Explain([]);

        Assert.That((fault.Kind, fault.FieldPath, fault.Offset), Is.EqualTo((RecordFaultKind.Truncated, "v", 0)));
    }

    [Test]
    public void Merged_fields_are_named_separately_when_a_record_is_cut_off()
    {
        var layout = RecordSchema.Parse(Schemas.Bench(173)).Layout;
        byte[] record = Schemas.BenchRecord(173);

        var fault = layout.Explain(record.AsSpan(0, 16 + 8 * 100 + 3));

        Assert.That(fault, Is.EqualTo(new RecordFault(RecordFaultKind.Truncated, "d100", 816, "double takes 8 bytes, 3 are left")));
    }

    [Test]
    public void A_count_that_would_take_centuries_is_refused_immediately()
    {
        var layout = Schemas.Layout(("v", ManyNulls));
        byte[] hostile = [.. Bytes.Long(1), .. Bytes.Long(long.MaxValue), 0, 0];

        Assert.That(layout.Check(hostile), Is.EqualTo(RecordFaultKind.CountTooLarge));
    }
}
