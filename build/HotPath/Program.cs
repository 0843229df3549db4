using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

// Usage: HotPath ASSEMBLY PATTERN...
//
// Marks all methods of the types whose full names match a pattern (* is any text) as AggressiveOptimization, like the attribute MethodImpl.
// ReadyToRun skips such methods, so that they are compiled on the target machine, for its processor and with inlining. A pattern that
// matches no type is an error, because the type was probably renamed.
string path = args[0];
string[] patterns = args[1..];
byte[] image = File.ReadAllBytes(path);
using var reader = new PEReader(new MemoryStream(image));
MetadataReader metadata = reader.GetMetadataReader();
int table = reader.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.MethodDef);
int row = metadata.GetTableRowSize(TableIndex.MethodDef);
Regex[] wanted = [.. patterns.Select(pattern => new Regex($"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$"))];
bool[] found = new bool[wanted.Length];
foreach (TypeDefinition type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
{
    string name = NameOf(type);
    int match = Array.FindIndex(wanted, pattern => pattern.IsMatch(name));
    if (match < 0)
        continue;
    found[match] = true;
    foreach (MethodDefinitionHandle method in type.GetMethods().Where(handle => metadata.GetMethodDefinition(handle).RelativeVirtualAddress != 0))
    {
        // A row starts with the code's address, followed by the flags.
        Span<byte> flags = image.AsSpan(table + ((MetadataTokens.GetRowNumber(method) - 1) * row) + sizeof(uint), sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | (ushort)MethodImplAttributes.AggressiveOptimization));
    }
}

string[] lost = [.. patterns.Where((_, i) => !found[i])];
if (lost.Length == 0)
    File.WriteAllBytes(path, image);
foreach (string pattern in lost)
    Console.Error.WriteLine($"error HOTPATH: no type of {Path.GetFileName(path)} is called {pattern}");
return lost.Length == 0 ? 0 : 1;

string NameOf(TypeDefinition type)
{
    TypeDefinition outermost = type;
    while (!outermost.GetDeclaringType().IsNil)
        outermost = metadata.GetTypeDefinition(outermost.GetDeclaringType());
    return $"{metadata.GetString(outermost.Namespace)}.{metadata.GetString(outermost.Name).Split('`')[0]}";
}
