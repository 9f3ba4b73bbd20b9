Attribute VB_Name = "ZlxlText"
Option Explicit
Option Private Module

' What is not ASCII comes from sheets of this add-in: a literal in VBA depends on the machine's code page.

Public Function ZL_Text(ByVal key As String) As String
    ZL_Text = ZL_Lookup("zlxl.text", key, 2)
    If ZL_Text = "" Then ZL_Text = key
End Function

Public Function ZL_Lookup(ByVal sheet As String, ByVal key As String, ByVal column As Long) As String
    Dim page As Worksheet, row As Long
    Set page = ThisWorkbook.Worksheets(sheet)
    row = 1
    Do While CStr(page.Cells(row, 1).Value) <> ""
        If CStr(page.Cells(row, 1).Value) = key Then
            ZL_Lookup = CStr(page.Cells(row, column).Value)
            Exit Function
        End If
        row = row + 1
    Loop
End Function
